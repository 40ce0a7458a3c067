namespace Spindle.Data.Text.Tokens;

/// <summary>What a place of a sequence holds.</summary>
internal enum SequenceSlot
{
    Special,
    First,
    Second,
}

/// <summary>A place of a sequence.</summary>
/// <param name="Slot">What it holds.</param>
/// <param name="Id">The special token's id; unused for a sentence.</param>
/// <param name="Type">The segment of what it holds.</param>
internal readonly record struct SequencePart(SequenceSlot Slot, int Id, int Type)
{
    public static SequencePart Of(int id, int type = 0) => new(SequenceSlot.Special, id, type);

    public static SequencePart First(int type = 0) => new(SequenceSlot.First, 0, type);

    public static SequencePart Second(int type = 0) => new(SequenceSlot.Second, 0, type);
}

/// <summary>How special tokens are put around a sentence and around a pair.</summary>
/// <param name="Single">The places of a sentence alone.</param>
/// <param name="Pair">The places of a pair.</param>
internal sealed record SequenceTemplate(IReadOnlyList<SequencePart> Single, IReadOnlyList<SequencePart> Pair)
{
    /// <summary><c>[CLS] a [SEP]</c>, <c>[CLS] a [SEP] b [SEP]</c> with b as a separate segment.</summary>
    public static SequenceTemplate Bert(int cls, int sep) => new(
        [SequencePart.Of(cls), SequencePart.First(), SequencePart.Of(sep)],
        [SequencePart.Of(cls), SequencePart.First(), SequencePart.Of(sep), SequencePart.Second(1), SequencePart.Of(sep, 1)]);

    /// <summary><c>&lt;s&gt; a &lt;/s&gt;</c>, <c>&lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;</c>.</summary>
    public static SequenceTemplate Roberta(int cls, int sep) => new(
        [SequencePart.Of(cls), SequencePart.First(), SequencePart.Of(sep)],
        [SequencePart.Of(cls), SequencePart.First(), SequencePart.Of(sep), SequencePart.Of(sep), SequencePart.Second(), SequencePart.Of(sep)]);

    /// <summary><c>a &lt;/s&gt;</c>, <c>a &lt;/s&gt; b &lt;/s&gt;</c>.</summary>
    public static SequenceTemplate T5(int eos) => new(
        [SequencePart.First(), SequencePart.Of(eos)],
        [SequencePart.First(), SequencePart.Of(eos), SequencePart.Second(), SequencePart.Of(eos)]);

    /// <summary>Puts the tokens of a sentence or a pair into their places, cut to a length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The special tokens alone are longer than <paramref name="maxLength"/>.</exception>
    public Encoding Fill(ReadOnlySpan<int> first, ReadOnlySpan<int> second, bool isPair, int maxLength)
    {
        var parts = isPair ? Pair : Single;
        var room = maxLength - parts.Count(part => part.Slot == SequenceSlot.Special);
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(maxLength));
        var (keepFirst, keepSecond) = isPair ? LongestFirst(first.Length, second.Length, room) : (Math.Min(first.Length, room), 0);

        var length = parts.Count(part => part.Slot == SequenceSlot.Special) + keepFirst + keepSecond;
        var (ids, types) = (new int[length], new int[length]);
        var at = 0;
        foreach (var part in parts)
        {
            var from = at;
            if (part.Slot == SequenceSlot.Special) ids[at++] = part.Id;
            else
            {
                var kept = part.Slot == SequenceSlot.First ? first[..keepFirst] : second[..keepSecond];
                kept.CopyTo(ids.AsSpan(at));
                at += kept.Length;
            }
            types.AsSpan(from, at - from).Fill(part.Type);
        }
        return new(ids, types);
    }

    // cuts the longer of the two down to the other's length, then both alike
    private static (int First, int Second) LongestFirst(int first, int second, int room)
    {
        if ((long)first + second <= room) return (first, second);
        var (shorter, longer) = (Math.Min(first, second), Math.Max(first, second));
        longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if ((long)shorter + longer > room) (shorter, longer) = (room / 2, room - room / 2);
        return first > second ? (longer, shorter) : (shorter, longer);
    }
}
