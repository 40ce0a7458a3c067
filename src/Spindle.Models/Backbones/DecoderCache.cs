using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The keys and values that a decoder has already computed, so that each new token costs one position: those of the target, which grow with every
/// token, and those of the source, which are computed once.</summary>
public sealed class DecoderCache : IDisposable
{
    private readonly KeyValues?[] own;
    private readonly KeyValues[] source;
    private Tensor? bias;

    /// <summary>A cache for a source.</summary>
    /// <param name="source">The keys and values of the source for every block.</param>
    /// <param name="bias">Added to the scores of the source, <c>[batch, 1, 1, source]</c>, or null.</param>
    internal DecoderCache(IEnumerable<KeyValues> source, Tensor? bias)
    {
        this.source = [.. source.Select(part => part.Detach())];
        this.bias = bias?.DetachFromDisposeScope();
        own = new KeyValues?[this.source.Length];
    }

    /// <summary>The number of target tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Added to the scores of the source, or null.</summary>
    internal Tensor? SourceBias => bias;

    /// <summary>The keys and values of the source for a block.</summary>
    internal KeyValues Source(int block) => source[block];

    /// <summary>Appends to a block's keys and values of the target, and gives all of them.</summary>
    internal KeyValues Append(int block, KeyValues next)
    {
        var grown = own[block] is { } before ? before.Append(next).Detach() : next.Detach();
        own[block]?.Dispose();
        own[block] = grown;
        return grown;
    }

    /// <summary>Counts a token that every block has read.</summary>
    internal void Advance() => Length++;

    /// <summary>Keeps some of the rows, in this order; a row may be kept several times.</summary>
    /// <param name="rows">For every new row, the old row that it continues.</param>
    /// <param name="sameSource">Whether every new row has the same source as the old row at its position.</param>
    public void SelectRows(ReadOnlySpan<int> rows, bool sameSource)
    {
        using var scope = NewDisposeScope();
        var index = tensor(rows.ToArray().Select(row => (long)row).ToArray(), device: source[0].Keys.device);
        for (var block = 0; block < own.Length; block++)
        {
            if (own[block] is { } before) own[block] = Replace(before, index);
            if (!sameSource) source[block] = Replace(source[block], index);
        }
        if (sameSource || bias is null) return;
        var kept = bias.index_select(0, index).DetachFromDisposeScope();
        bias.Dispose();
        bias = kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in own) part?.Dispose();
        foreach (var part in source) part.Dispose();
        bias?.Dispose();
    }

    private static KeyValues Replace(KeyValues before, Tensor index)
    {
        var after = before.SelectRows(index).Detach();
        before.Dispose();
        return after;
    }
}
