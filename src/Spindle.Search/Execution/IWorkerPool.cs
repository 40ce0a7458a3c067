using Spindle.Search.Storage;

namespace Spindle.Search.Execution;

/// <summary>The workers of a search. Contract: <see cref="Start"/> is called once, <see cref="Watch"/> repeatedly, <see cref="Stop"/> at the end, all from the
/// driver's thread. Workers and driver communicate only through the store.</summary>
public interface IWorkerPool : IDisposable
{
    /// <summary>Starts the workers on a store.</summary>
    void Start(ITrialStore store);

    /// <summary>Checks the workers: releases the trials of workers that died, and starts replacements.</summary>
    /// <exception cref="SearchException">No worker can be kept alive.</exception>
    void Watch();

    /// <summary>Stops the workers. On return no worker is running, and all running trials have been released. Does nothing if no worker was started.</summary>
    void Stop();
}
