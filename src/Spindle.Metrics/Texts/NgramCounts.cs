using System.Runtime.InteropServices;

namespace Spindle.Metrics.Texts;

/// <summary>How often each run of so many tokens occurs.</summary>
internal sealed class NgramCounts
{
    // no token holds a blank, so that no two runs of a length look alike
    private const char Between = ' ';

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>Counts the runs of a length.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="length">The length of a run.</param>
    public static NgramCounts Of(IReadOnlyList<string> tokens, int length)
    {
        var counted = new NgramCounts();
        for (var at = 0; at + length <= tokens.Count; at++)
            counted.Add(length == 1 ? tokens[at] : string.Join(Between, tokens.Skip(at).Take(length)));
        return counted;
    }

    /// <summary>Counts the runs of characters of a length.</summary>
    /// <param name="text">The text.</param>
    /// <param name="starts">Where each character of the text begins, and where the last one ends.</param>
    /// <param name="length">The length of a run.</param>
    public static NgramCounts Of(string text, IReadOnlyList<int> starts, int length)
    {
        var counted = new NgramCounts();
        for (var at = 0; at + length < starts.Count; at++) counted.Add(text[starts[at]..starts[at + length]]);
        return counted;
    }

    /// <summary>All runs.</summary>
    public int Total { get; private set; }

    /// <summary>The runs that both have, each as often as the one that has it less often.</summary>
    public int Common(NgramCounts other)
    {
        var (few, many) = counts.Count <= other.counts.Count ? (counts, other.counts) : (other.counts, counts);
        var common = 0;
        foreach (var (run, count) in few)
            if (many.TryGetValue(run, out var others)) common += Math.Min(count, others);
        return common;
    }

    /// <summary>For each run the larger of both counts.</summary>
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
