namespace Spindle.Search.Trials;

/// <summary>A trial as a store keeps it.</summary>
/// <param name="Id">Its number, in the order in which trials were added.</param>
/// <param name="Spec">What was wanted.</param>
/// <param name="State">Where it is in its life.</param>
public sealed record Trial(long Id, TrialSpec Spec, TrialState State)
{
    /// <summary>What it came to; null until it has ended, and where it could not be run.</summary>
    public TrialOutcome? Outcome { get; init; }

    /// <summary>Why it has no score, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>The worker that runs or ran it.</summary>
    public string? Worker { get; init; }

    /// <summary>How often a worker died while it ran this trial.</summary>
    public int Losses { get; init; }

    /// <summary>Rows trained on so far while it runs.</summary>
    public long Examples { get; init; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset Added { get; init; }

    /// <summary>When its last run began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When its worker last sent a heartbeat.</summary>
    public DateTimeOffset? Heard { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Its place among the trials of the store that have ended, from 1 on; null until it has ended.</summary>
    public long? EndOrder { get; init; }

    /// <summary>Whether it has ended, with a score or without.</summary>
    public bool IsFinished => State >= TrialState.Completed;

    /// <summary>Its score in points as it counts in a mean: 0 where it has none.</summary>
    public double Points => Outcome?.Score ?? 0;
}
