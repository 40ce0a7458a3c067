using Spindle.Designs.Plans;

namespace Spindle.Search.Trials;

/// <summary>A request to a runner.</summary>
/// <param name="Key">The task and the conditions of the trial.</param>
/// <param name="Plan">What is trained, with its sizes.</param>
/// <param name="WeightsFolder">The folder for the tuned weights, or null if they are not kept.</param>
public sealed record TrialRequest(TrialKey Key, TuningPlan Plan, string? WeightsFolder = null)
{
    /// <summary>The file that keeps where the training stands, so that another worker resumes it; null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether the validation rows are scored, where the selection rows select.</summary>
    public bool ScoresValidation { get; init; }
}
