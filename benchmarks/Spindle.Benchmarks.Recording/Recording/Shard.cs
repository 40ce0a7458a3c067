using System.Globalization;

namespace Spindle.Benchmarks.Recording.Recording;

/// <summary>One of several processes that record together. Each records whole candidates, so that every part is as balanced over tasks, seeds and rows as the whole.</summary>
/// <param name="Number">The part, from 1.</param>
/// <param name="Count">The number of parts.</param>
internal sealed record Shard(int Number, int Count)
{
    /// <summary>The name of the part's file.</summary>
    public string FileName => FormattableString.Invariant($"part-{Number}-of-{Count}.jsonl");

    /// <summary>Whether the part records a candidate.</summary>
    /// <param name="candidate">The candidate's position in the list.</param>
    public bool Has(int candidate) => candidate % Count == Number - 1;

    /// <summary>Reads <c>K/N</c>.</summary>
    /// <exception cref="InvalidDataException">The text is something else.</exception>
    public static Shard Parse(string text) => text.Split('/') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && number >= 1 && number <= count
            ? new(number, count)
            : throw new InvalidDataException($"'--part {text}' is not a part; write K/N with K from 1 to N, such as 1/2");
}
