namespace Spindle.Search.Execution;

/// <summary>Why a worker that no search started has ended.</summary>
public enum WorkerEnd
{
    /// <summary>It was stopped. The trial that it was running was released.</summary>
    Stopped,

    /// <summary>The study has ended: every trial has finished, and no search asks for more.</summary>
    StudyEnded,

    /// <summary>It had no trial for too long.</summary>
    Idle,
}
