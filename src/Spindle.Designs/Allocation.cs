using Spindle.Designs.Text;

namespace Spindle.Designs;

/// <summary>The relative share of each layer.</summary>
/// <param name="Pattern">The pattern that the shares follow.</param>
/// <param name="Weights">The relative share of each layer, in order of depth, each at least 1. Untuned groups get no share.</param>
/// <exception cref="ArgumentException">There are no weights, or one is below 1.</exception>
public sealed record Allocation(AllocationPattern Pattern, IReadOnlyList<int> Weights)
{
    /// <summary>The relative share of each layer, in order of depth, each at least 1.</summary>
    public IReadOnlyList<int> Weights { get; } = Weights.Count > 0 && Weights.All(weight => weight >= 1)
        ? [.. Weights]
        : throw new ArgumentException("there must be at least one layer, and every weight must be at least 1", nameof(Weights));

    /// <summary>The weights of a pattern: i, 1, or L + 1 − i for layer i of L.</summary>
    /// <param name="pattern">The pattern, not <see cref="AllocationPattern.Drawn"/>.</param>
    /// <param name="layers">The number of layers, at least 1.</param>
    /// <exception cref="ArgumentException">The pattern defines no weights, or there are no layers.</exception>
    public static Allocation Of(AllocationPattern pattern, int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        var depths = Enumerable.Range(1, layers);
        return new(pattern, pattern switch
        {
            AllocationPattern.Increasing => [.. depths],
            AllocationPattern.Uniform => [.. depths.Select(_ => 1)],
            AllocationPattern.Decreasing => [.. depths.Reverse()],
            _ => throw new ArgumentException($"allocation {KebabCase.From(pattern)} needs weights", nameof(pattern)),
        });
    }

    /// <summary>Drawn weights, one for each layer in order of depth, each at least 1.</summary>
    /// <exception cref="ArgumentException">There are no weights, or one is below 1.</exception>
    public static Allocation Drawn(IReadOnlyList<int> weights) => new(AllocationPattern.Drawn, weights);

    /// <inheritdoc/>
    public bool Equals(Allocation? other) => other is not null && Pattern == other.Pattern && Sequences.Same(Weights, other.Weights);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, Sequences.Hash(Weights));

    /// <summary>The pattern's name, followed by the weights if they were drawn: <c>uniform</c>, <c>drawn 3,17</c>.</summary>
    public override string ToString() => Pattern == AllocationPattern.Drawn ? $"drawn {string.Join(',', Weights)}" : KebabCase.From(Pattern);
}
