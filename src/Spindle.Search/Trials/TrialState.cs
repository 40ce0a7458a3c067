namespace Spindle.Search.Trials;

/// <summary>Where a trial is in its life.</summary>
public enum TrialState
{
    /// <summary>Waits for a worker.</summary>
    Pending,

    /// <summary>A worker has claimed it.</summary>
    Running,

    /// <summary>Ended with a score.</summary>
    Completed,

    /// <summary>Ended without a score because the training failed (a loss that is not a number); it counts as 0 points.</summary>
    Diverged,

    /// <summary>Could not be run: an exception, or its workers died; it counts as 0 points.</summary>
    Failed,
}
