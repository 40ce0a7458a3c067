namespace Spindle.Search.Trials;

/// <summary>The state of a trial. Stores keep the numeric values.</summary>
public enum TrialState
{
    /// <summary>Waiting for a worker.</summary>
    Pending = 0,

    /// <summary>A worker has claimed it.</summary>
    Running = 1,

    /// <summary>Finished with a score.</summary>
    Completed = 2,

    /// <summary>Finished without a score because the training failed (a loss that is not a number); counts as 0 points.</summary>
    Diverged = 3,

    /// <summary>Could not be run because of an exception, or because its workers died; counts as 0 points.</summary>
    Failed = 4,
}
