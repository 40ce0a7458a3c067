namespace Spindle.Designs;

/// <summary>The groups that are tuned.</summary>
/// <param name="Indices">Zero-based, ascending.</param>
public sealed record TunableGroups(IReadOnlyList<int> Indices);
