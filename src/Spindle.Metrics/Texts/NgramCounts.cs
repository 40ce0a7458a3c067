using System.Runtime.InteropServices;

namespace Spindle.Metrics.Texts;

/// <summary>Counts n-grams.</summary>
internal sealed class NgramCounts
{
    // tokens contain no space, so different n-grams have different keys
    private const char Between = ' ';

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>Counts the n-grams of tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="length">The order of the n-grams.</param>
    public static NgramCounts Of(IReadOnlyList<string> tokens, int length)
    {
        var counted = new NgramCounts();
        for (var at = 0; at + length <= tokens.Count; at++)
            counted.Add(length == 1 ? tokens[at] : string.Join(Between, tokens.Skip(at).Take(length)));
        return counted;
    }

    /// <summary>Counts the n-grams of characters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="starts">The start of each character in the text, and the end of the last one.</param>
    /// <param name="length">The order of the n-grams.</param>
    public static NgramCounts Of(string text, IReadOnlyList<int> starts, int length)
    {
        var counted = new NgramCounts();
        for (var at = 0; at + length < starts.Count; at++) counted.Add(text[starts[at]..starts[at + length]]);
        return counted;
    }

    /// <summary>The number of n-grams.</summary>
    public int Total { get; private set; }

    /// <summary>The number of common n-grams, each counted with the smaller of both counts.</summary>
    public int Common(NgramCounts other)
    {
        var (few, many) = counts.Count <= other.counts.Count ? (counts, other.counts) : (other.counts, counts);
        var common = 0;
        foreach (var (run, count) in few)
            if (many.TryGetValue(run, out var others)) common += Math.Min(count, others);
        return common;
    }

    /// <summary>The larger of both counts for each n-gram.</summary>
    public NgramCounts Union(NgramCounts other)
    {
        var union = new NgramCounts();
        foreach (var (run, count) in counts.Concat(other.counts))
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(union.counts, run, out _);
            union.Total += Math.Max(known, count) - known;
            known = Math.Max(known, count);
        }
        return union;
    }

    private void Add(string run)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(counts, run, out _)++;
        Total++;
    }
}
