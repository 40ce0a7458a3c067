using System.Diagnostics;
using Spindle.Search.Storage;

namespace Spindle.Search.Execution;

/// <summary>A worker that no search started, on any machine that reaches the store. It claims trials only while a search runs on the store, so that whoever stops the search stops all of them.</summary>
/// <param name="worker">Claims and runs the trials.</param>
/// <param name="store">The store.</param>
/// <param name="idleTimeout">The time without a trial after which it ends.</param>
public sealed class IndependentWorker(Worker worker, ISharedTrialStore store, TimeSpan idleTimeout)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>The number of trials that it has run, with those that were given back.</summary>
    public int Trials { get; private set; }

    /// <summary>Runs trials until the study ends, no trial has come for too long, or it is stopped.</summary>
    /// <param name="stop">Stops it; the trial that is running then is released.</param>
    public WorkerEnd Run(CancellationToken stop)
    {
        var (idle, wait) = (Stopwatch.StartNew(), ShortestWait);
        while (!stop.IsCancellationRequested)
        {
            var isDriven = store.IsDriven;
            if (isDriven && worker.RunNext(stop))
            {
                Trials++;
                idle.Restart();
                wait = ShortestWait;
                continue;
            }

            if (!isDriven && HasEnded()) return WorkerEnd.StudyEnded;
            if (idle.Elapsed > idleTimeout) return WorkerEnd.Idle;
            stop.WaitHandle.WaitOne(wait);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }

        return WorkerEnd.Stopped;
    }

    // a search that is interrupted leaves a stage undecided, or trials to run
    private bool HasEnded() => store.Stages() is { Count: > 0 } stages && stages.All(stage => stage.IsDecided) && store.Count().All(count => count.Finished == count.Trials);
}
