using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Models.Tuning.Lora;

/// <summary>LoRA: a low-rank difference for each linear map, r·(in + out) parameters (Hu et al. 2022).</summary>
public sealed record LoraCost : IStrategyCost
{
    private readonly LinearPlace[] places =
        [LinearPlace.AttentionQuery, LinearPlace.AttentionValue, LinearPlace.CrossAttentionQuery, LinearPlace.CrossAttentionValue];

    /// <summary>The linear maps to change: query and value of every attention by default. Each once, in the order of
    /// <see cref="LinearPlace"/>; at least one.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public IReadOnlyList<LinearPlace> Places
    {
        get => places;
        init => places = value.Count > 0 ? [.. value.Distinct().Order()] : throw new ArgumentException("LoRA needs at least one place", nameof(value));
    }

    /// <summary>Whether each difference has a gate, with one parameter per input of the map and one more (Mao et al. 2022).</summary>
    public bool Gated { get; init; }

    /// <inheritdoc/>
    public string Name => "lora";

    /// <inheritdoc/>
    public string SizeName => "rank";

    /// <inheritdoc/>
    public string? Absence(LayerShape layer)
    {
        foreach (var block in layer.Blocks)
            foreach (var linear in block.LinearsAndPooler)
                if (Array.IndexOf(places, linear.Place) >= 0)
                    return null;
        return $"it has none of LoRA's places ({string.Join(", ", places)})";
    }

    /// <summary>The smallest side of the linear maps; a higher rank adds nothing.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The layer has none of <see cref="Places"/>.</exception>
    public int MaximumSize(LayerShape layer)
    {
        var smallest = int.MaxValue;
        foreach (var block in layer.Blocks)
            foreach (var linear in block.LinearsAndPooler)
                if (Array.IndexOf(places, linear.Place) >= 0)
                    smallest = Math.Min(smallest, Math.Min(linear.InputSize, linear.OutputSize));
        return smallest < int.MaxValue ? smallest : throw new ArgumentException(Absence(layer), nameof(layer));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The layer has none of <see cref="Places"/>.</exception>
    public long Parameters(LayerShape layer, int size)
    {
        long sides = 0, gates = 0;
        foreach (var block in layer.Blocks)
            foreach (var linear in block.LinearsAndPooler)
            {
                if (Array.IndexOf(places, linear.Place) < 0) continue;
                sides += linear.InputSize + linear.OutputSize;
                if (Gated) gates += linear.InputSize + 1;
            }
        return sides > 0 ? sides * size + gates : throw new ArgumentException(Absence(layer), nameof(layer));
    }

    /// <inheritdoc/>
    public bool Equals(LoraCost? other) => other is not null && places.AsSpan().SequenceEqual(other.places) && Gated == other.Gated;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(places.Length, places[0], Gated);
}
