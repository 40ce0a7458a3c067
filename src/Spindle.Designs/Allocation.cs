namespace Spindle.Designs;

/// <summary>The relative share of each layer.</summary>
/// <param name="Pattern">The pattern that the shares follow.</param>
/// <param name="Weights">The relative share of each layer, in order of depth, each at least 1; groups that are not tuned get none.</param>
public sealed record Allocation(AllocationPattern Pattern, IReadOnlyList<int> Weights);
