namespace Spindle.Metrics.Comparisons;

/// <summary>The scores of two sides on one task, one for each seed.</summary>
/// <param name="First">The scores of the first side, at least one.</param>
/// <param name="Second">The scores of the second side, at least one. If seeds are paired, both sides have the same seeds in the same order.</param>
public sealed record PairedTaskScores(IReadOnlyList<double> First, IReadOnlyList<double> Second);
