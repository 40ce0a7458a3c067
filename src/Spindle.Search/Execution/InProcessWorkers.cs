using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Workers on threads of this process: for library users, and runners that may run side by side in one process.</summary>
/// <param name="runner">Runs the trials; called from as many threads as there are workers.</param>
/// <param name="count">The number of workers, at least 1.</param>
/// <param name="tunedFolder">The search's tuned folder, or null to keep no weights.</param>
public sealed class InProcessWorkers(ITrialRunner runner, int count = 1, string? tunedFolder = null) : IWorkerPool
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<Thread> threads = [];
    private Exception? broken;

    /// <inheritdoc/>
    public void Start(ITrialStore store)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        for (var index = 1; index <= count; index++)
        {
            var worker = new Worker(FormattableString.Invariant($"{Environment.MachineName}-{Environment.ProcessId}-{index}"), store, runner, tunedFolder);
            var thread = new Thread(() => Run(worker)) { IsBackground = true, Name = $"worker {index}" };
            threads.Add(thread);
            thread.Start();
        }
    }

    /// <inheritdoc/>
    public void Watch()
    {
        if (Volatile.Read(ref broken) is { } failure)
            throw new SearchException($"a worker cannot go on: {failure.Message.ReplaceLineEndings(" ")}", failure);
    }

    /// <inheritdoc/>
    public void Stop()
    {
        stop.Cancel();
        foreach (var thread in threads) thread.Join();
        threads.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        stop.Dispose();
    }

    private void Run(Worker worker)
    {
        try
        {
            worker.Run(stop.Token);
        }
        catch (Exception failure)
        {
            // an exception of a trial fails the trial; what arrives here is the store's
            Volatile.Write(ref broken, failure);
        }
    }
}
