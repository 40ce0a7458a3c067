using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>An outcome, as all stores keep it.</summary>
internal static class StoredOutcome
{
    /// <summary>The final state of a trial with this outcome, and the outcome with consistent score and failure.</summary>
    public static (TrialState State, TrialOutcome Outcome) Classify(TrialOutcome outcome)
    {
        if (outcome.Failure is null && outcome.Score is { } score && double.IsFinite(score)) return (TrialState.Completed, outcome);
        return (TrialState.Diverged, outcome with { Score = outcome.Failure is not null && outcome.Score is { } guess && double.IsFinite(guess) ? guess : null, Predictions = [], Failure = outcome.Failure ?? "the score is not a number" });
    }
}
