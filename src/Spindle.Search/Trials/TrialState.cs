namespace Spindle.Search.Trials;

/// <summary>Where a trial is in its life. Stores keep the numbers.</summary>
public enum TrialState
{
    /// <summary>Waits for a worker.</summary>
    Pending = 0,

    /// <summary>A worker has claimed it.</summary>
    Running = 1,

    /// <summary>Ended with a score.</summary>
    Completed = 2,

    /// <summary>Ended without a score because the training failed (a loss that is not a number); it counts as 0 points.</summary>
    Diverged = 3,

    /// <summary>Could not be run: an exception, or its workers died; it counts as 0 points.</summary>
    Failed = 4,
}
