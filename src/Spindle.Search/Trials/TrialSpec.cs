using Spindle.Designs.Plans;

namespace Spindle.Search.Trials;

/// <summary>A trial that a policy requests.</summary>
/// <param name="Key">The purpose and the conditions of the trial.</param>
/// <param name="Plan">What is trained, with its sizes.</param>
public sealed record TrialSpec(TrialKey Key, TuningPlan Plan)
{
    /// <summary>Whether the tuned weights are kept.</summary>
    public bool KeepsWeights { get; init; }

    /// <summary>Whether the validation rows are scored, and the store keeps what the model predicted for each of them: for finalists only.</summary>
    public bool KeepsPredictions { get; init; }

    /// <summary>Trials with the lowest number run first; among equals, the trial that was added first.</summary>
    public int Priority { get; init; }
}
