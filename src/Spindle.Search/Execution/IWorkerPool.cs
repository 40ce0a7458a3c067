using Spindle.Search.Storage;

namespace Spindle.Search.Execution;

/// <summary>Workers of a search. Contract: <see cref="Start"/> once, <see cref="Watch"/> again and again, <see cref="Stop"/> at the end, all from the
/// driver's thread. Workers and driver speak through the store only.</summary>
public interface IWorkerPool : IDisposable
{
    /// <summary>Starts the workers on a store.</summary>
    void Start(ITrialStore store);

    /// <summary>Looks after the workers: puts back the trials of those that died, and starts others in their place.</summary>
    /// <exception cref="SearchException">No worker can be kept alive.</exception>
    void Watch();

    /// <summary>Stops the workers; when it returns none runs any more, and running trials were put back. Does nothing where none was started.</summary>
    void Stop();
}
