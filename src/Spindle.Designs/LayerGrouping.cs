using System.Collections.Concurrent;
using Spindle.Designs.Text;

namespace Spindle.Designs;

/// <summary>Consecutive groups of layers.</summary>
/// <param name="Pattern">The pattern that the sizes follow.</param>
/// <param name="Sizes">The number of layers of each group, in order of depth.</param>
/// <param name="Exact">Whether the sizes fulfil the pattern exactly.</param>
/// <exception cref="ArgumentException">There are no groups, or one has no layers.</exception>
public sealed record LayerGrouping(GroupingPattern Pattern, IReadOnlyList<int> Sizes, bool Exact)
{
    // finding sizes takes a fraction of a millisecond, and each of a hundred thousand stored designs needs them
    private static readonly ConcurrentDictionary<(GroupingPattern Pattern, int Layers, int Groups), LayerGrouping> Found = new();

    /// <summary>The number of layers of each group, in order of depth, each at least 1.</summary>
    public IReadOnlyList<int> Sizes { get; } = Sizes.Count > 0 && Sizes.All(size => size >= 1)
        ? [.. Sizes]
        : throw new ArgumentException("there must be at least one group, and every group must have at least one layer", nameof(Sizes));

    /// <summary>The total number of layers.</summary>
    public int Layers => Sizes.Sum();

    /// <summary>The sizes of a pattern: of all integer sizes of at least 1 that fulfil it strictly, the nearest to its ideal profile by least
    /// squares. If none fulfils it, the nearest of all, which are not exact. Ties go to the sizes whose borders between groups are nearest to the
    /// ideal borders, then to the lexicographically first.</summary>
    /// <param name="pattern">The pattern, not <see cref="GroupingPattern.Custom"/>. <see cref="GroupingPattern.EveryLayer"/> makes every layer a
    /// group and ignores <paramref name="groups"/>.</param>
    /// <param name="layers">The number of layers, at least 1.</param>
    /// <param name="groups">The number of groups, from 1 to <paramref name="layers"/>.</param>
    /// <exception cref="ArgumentException">A number is out of range, or the pattern defines no sizes.</exception>
    public static LayerGrouping Of(GroupingPattern pattern, int layers, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (pattern == GroupingPattern.EveryLayer) return EveryLayer(layers);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, layers);
        return Found.GetOrAdd((pattern, layers, groups), wanted => Find(wanted.Pattern, wanted.Layers, wanted.Groups));
    }

    /// <summary>Every layer as its own group.</summary>
    /// <param name="layers">The number of layers, at least 1.</param>
    public static LayerGrouping EveryLayer(int layers) => new(GroupingPattern.EveryLayer, [.. Enumerable.Repeat(1, layers)], true);

    /// <summary>A grouping with explicit sizes, each at least 1.</summary>
    public static LayerGrouping Custom(IReadOnlyList<int> sizes) => new(GroupingPattern.Custom, sizes, true);

    /// <summary>The zero-based group of each layer, in order of depth.</summary>
    public IReadOnlyList<int> GroupOfLayers() => [.. Sizes.SelectMany((size, group) => Enumerable.Repeat(group, size))];

    /// <inheritdoc/>
    public bool Equals(LayerGrouping? other) =>
        other is not null && Pattern == other.Pattern && Exact == other.Exact && Sequences.Same(Sizes, other.Sizes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, Exact, Sequences.Hash(Sizes));

    private static LayerGrouping Find(GroupingPattern pattern, int layers, int groups)
    {
        var profile = new GroupingProfile(pattern, groups);
        return profile.StrictSizes(layers) is { } exact ? new(pattern, exact, true) : new(pattern, profile.NearestSizes(layers), false);
    }

    /// <summary>The pattern's name and the sizes: <c>spindle 2-4-4-2</c>, with <c>(nearest)</c> if they are not exact.</summary>
    public override string ToString() => Pattern == GroupingPattern.EveryLayer
        ? KebabCase.From(Pattern)
        : $"{KebabCase.From(Pattern)} {string.Join('-', Sizes)}{(Exact ? "" : " (nearest)")}";
}
