using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>An outcome as every store keeps it.</summary>
internal static class StoredOutcome
{
    /// <summary>The state that an outcome ends a trial in, and the outcome with its score and failure made consistent.</summary>
    public static (TrialState State, TrialOutcome Outcome) Of(TrialOutcome outcome)
    {
        if (outcome.Failure is null && outcome.Score is { } score && double.IsFinite(score)) return (TrialState.Completed, outcome);
        return (TrialState.Diverged, outcome with { Score = null, Predictions = [], Failure = outcome.Failure ?? "the score is not a number" });
    }
}
