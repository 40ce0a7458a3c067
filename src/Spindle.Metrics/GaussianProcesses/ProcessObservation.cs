namespace Spindle.Metrics.GaussianProcesses;

/// <summary>An observation of a function with noise.</summary>
/// <param name="Features">Where it was observed; as many numbers as in every other observation.</param>
/// <param name="Block">The conditions of the observation: those of a block share an unknown shift.</param>
/// <param name="Value">The observed value.</param>
public sealed record ProcessObservation(IReadOnlyList<double> Features, int Block, double Value);
