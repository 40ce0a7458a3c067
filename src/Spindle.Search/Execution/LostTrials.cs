using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Releases the trials of workers that died or fell silent.</summary>
internal static class LostTrials
{
    /// <summary>Releases the trials of a worker, and notes it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="worker">The worker's name.</param>
    /// <param name="why">What the worker did, as the end of a sentence.</param>
    /// <returns>The trials in their new state.</returns>
    public static IReadOnlyList<Trial> Release(ITrialStore store, string worker, string why)
    {
        var lost = store.Lose(worker, WorkerProcesses.MostLosses, $"its worker died {WorkerProcesses.MostLosses + 1} times; the last one {why}");
        foreach (var trial in lost) store.Note($"a worker died while running trial {trial.Spec.Key} (loss {trial.Losses}): it {why}");
        return lost;
    }

    /// <summary>What a silent worker did.</summary>
    /// <param name="limit">For how long it was silent.</param>
    public static string Silent(TimeSpan limit) => FormattableString.Invariant($"sent no heartbeat for {limit.TotalSeconds:0} seconds");
}
