using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Workers on threads of this process, for programs that use the library and for runners that can run concurrently in one process.</summary>
/// <param name="runner">Runs the trials. Called from as many threads as there are workers.</param>
/// <param name="count">The number of workers, at least 1.</param>
/// <param name="tunedFolder">The search's tuned folder, or null to keep no weights.</param>
public sealed class InProcessWorkers(ITrialRunner runner, int count = 1, string? tunedFolder = null) : IWorkerPool
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<Thread> threads = [];
    private Silence? silence;
    private ITrialStore? watched;
    private Exception? broken;

    /// <summary>The time without a heartbeat after which the trials of a worker that others started on the store are released.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public void Start(ITrialStore store)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (watched, silence) = (store, new(HeartbeatTimeout, TimeProvider.System));
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
            throw new SearchException($"a worker stopped with an error: {failure.Message.ReplaceLineEndings(" ")}", failure);
        if (watched is null || silence is null) return;
        foreach (var name in silence.Find(watched.Running)) LostTrials.Release(watched, name, LostTrials.Silent(HeartbeatTimeout));
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
            // an exception in a trial only fails that trial; an exception that arrives here comes from the store
            Volatile.Write(ref broken, failure);
        }
    }
}
