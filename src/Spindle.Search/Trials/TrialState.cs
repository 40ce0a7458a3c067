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

    /// <summary>Finished without a model because the training failed (a loss that is not a number), also at a lower learning rate; scores as guessing does.</summary>
    Diverged = 3,

    /// <summary>Could not be run because of an exception, or because its workers died; left out of every mean, and run again when the search is started again.</summary>
    Failed = 4,
}
