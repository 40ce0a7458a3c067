using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>Prefixes: trained keys and values before those of attentions. A flat prefix has 2·inner·length parameters per attention (Li and Liang 2021).</summary>
public sealed record PrefixCost : IStrategyCost
{
    private readonly AttentionPlace[] places = Enum.GetValues<AttentionPlace>();

    /// <summary>The attentions with a prefix: all by default. Each once, in the order of <see cref="AttentionPlace"/>; at least one.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public IReadOnlyList<AttentionPlace> Places
    {
        get => places;
        init => places = value.Count > 0 ? [.. value.Distinct().Order()] : throw new ArgumentException("a prefix needs at least one place", nameof(value));
    }

    /// <summary>The inner size of the network that makes the keys and values of each attention; null to train them directly. With hidden size h, network size m and
    /// attention size i, it costs h·length + (h + 1)·m + (m + 1)·2·i per attention.</summary>
    public int? Network { get; init; }

    /// <summary>Whether the prefix of each attention has a gate with h + 1 parameters (Mao et al. 2022).</summary>
    public bool Gated { get; init; }

    /// <summary>The longest prefix, at least 1.</summary>
    public int MaximumLength { get; init; } = 512;

    /// <summary>Whether every layer has the same length, whatever the allocation.</summary>
    public bool HasEqualSizes { get; init; }

    /// <inheritdoc/>
    public string Name => "prefix";

    /// <inheritdoc/>
    public string SizeName => "prefix length";

    /// <inheritdoc/>
    public int MaximumSize(LayerShape layer) => MaximumLength;

    /// <inheritdoc/>
    public string? Absence(LayerShape layer)
    {
        foreach (var block in layer.Blocks)
            foreach (var attention in block.Attentions)
                if (Has(block.Stack, attention.Cross))
                    return null;
        return $"it has none of the prefix's places ({string.Join(", ", places)})";
    }

    /// <inheritdoc/>
    public long Parameters(LayerShape layer, int size)
    {
        long parameters = 0;
        foreach (var block in layer.Blocks)
            foreach (var attention in block.Attentions)
                if (Has(block.Stack, attention.Cross))
                    parameters += (Gated ? block.HiddenSize + 1 : 0) + (Network is { } network
                        ? (long)block.HiddenSize * size + (block.HiddenSize + 1L) * network + (network + 1L) * 2 * attention.InnerSize
                        : 2L * attention.InnerSize * size);
        return parameters;
    }

    /// <summary>Whether an attention has a prefix.</summary>
    /// <param name="stack">The stack of its block.</param>
    /// <param name="cross">Whether it attends over the encoder's output.</param>
    public bool Has(string stack, bool cross) =>
        Array.IndexOf(places, cross ? AttentionPlace.DecoderCross : stack == "decoder" ? AttentionPlace.DecoderSelf : AttentionPlace.EncoderSelf) >= 0;

    /// <inheritdoc/>
    public bool Equals(PrefixCost? other) =>
        other is not null && places.AsSpan().SequenceEqual(other.places) && Network == other.Network && Gated == other.Gated && MaximumLength == other.MaximumLength && HasEqualSizes == other.HasEqualSizes;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(places.Length, places[0], Network, Gated, MaximumLength);
}
