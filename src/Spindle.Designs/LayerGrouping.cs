namespace Spindle.Designs;

/// <summary>Consecutive groups of layers.</summary>
/// <param name="Pattern">The pattern that the sizes follow.</param>
/// <param name="Sizes">The number of layers of each group, in order of depth.</param>
/// <param name="Exact">Whether the sizes fulfil the pattern to the letter.</param>
public sealed record LayerGrouping(GroupingPattern Pattern, IReadOnlyList<int> Sizes, bool Exact);
