namespace Spindle.Search.Trials;

/// <summary>A trial, as a store keeps it.</summary>
/// <param name="Id">The number, in the order in which trials were added.</param>
/// <param name="Spec">The requested trial.</param>
/// <param name="State">The current state.</param>
public sealed record Trial(long Id, TrialSpec Spec, TrialState State)
{
    /// <summary>The outcome; null until the trial has finished, or if it could not be run.</summary>
    public TrialOutcome? Outcome { get; init; }

    /// <summary>Why it has no score, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>The worker that is running or ran it.</summary>
    public string? Worker { get; init; }

    /// <summary>How often a worker died while running this trial.</summary>
    public int Losses { get; init; }

    /// <summary>The number of rows trained on so far in the current run.</summary>
    public long Examples { get; init; }

    /// <summary>The score in points after each epoch of the last run that was scored, also while it runs.</summary>
    public IReadOnlyList<double> EpochScores { get; init; } = [];

    /// <summary>The scores of the finished trial in points, each with the number of epochs that were trained before it, in order: those of <see cref="TrialOutcome.EpochScores"/>, or that of the initial model. Empty without a score.</summary>
    public IReadOnlyList<(int Epoch, double Score)> ScoresByEpoch
    {
        get
        {
            if (Outcome is not { } outcome) return [];
            if (outcome.EpochScores.Count == 0) return outcome.Score is { } score ? [(0, score)] : [];
            // a search may score the last epoch only; a training that ended early was scored after each of its epochs
            var first = outcome is { EpochScores.Count: 1, Failure: null } ? Math.Max(1, Spec.Key.Epochs) : 1;
            return [.. outcome.EpochScores.Select((score, index) => (first + index, score))];
        }
    }

    /// <summary>When it was added.</summary>
    public DateTimeOffset Added { get; init; }

    /// <summary>When its last run started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When its worker last sent a heartbeat.</summary>
    public DateTimeOffset? Heard { get; init; }

    /// <summary>When it finished.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The position among the finished trials of the store, from 1; null until the trial has finished.</summary>
    public long? EndOrder { get; init; }

    /// <summary>Whether it has finished, with or without a score.</summary>
    public bool IsFinished => State >= TrialState.Completed;

    /// <summary>Whether it counts in means: it has a score, or its training diverged. A trial that could not be run says nothing about its design.</summary>
    public bool Counts => State is TrialState.Completed or TrialState.Diverged;

    /// <summary>The score in points that counts in a mean: that of guessing if the training diverged, 0 if that is not known.</summary>
    public double Points => Outcome?.Score ?? 0;
}
