namespace Spindle.Search.Trials;

/// <summary>All that a trial is a function of, beside its study.</summary>
/// <param name="Plan">What is trained.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Seed">The seed of initialisation, drawn rows, order and dropout.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="TunedFolder">Where the tuned weights are to be kept, or null to drop them.</param>
public sealed record TrialRequest(TuningPlan Plan, string Task, int Seed, int Epochs, string? TunedFolder = null);
