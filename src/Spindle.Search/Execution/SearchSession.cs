using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Drives a search: asks the policy, adds the trials that it requests to the store, and waits for the workers. All that it knows is in the store, so a search that was
/// stopped at any moment goes on when it is run again, and ends with the same numbers. A session runs once.</summary>
/// <param name="problem">What is searched.</param>
/// <param name="policy">Decides which trials run; made for this problem.</param>
/// <param name="store">The store; it stays open.</param>
/// <param name="workers">The workers; they are stopped at the end, not disposed.</param>
/// <param name="options">How the search is driven; defaults where null.</param>
public sealed class SearchSession(SearchProblem problem, ISearchPolicy policy, ITrialStore store, IWorkerPool workers, SearchOptions? options = null)
{
    private readonly SearchOptions options = options ?? new();
    private readonly ProgressMeter meter = new(TimeProvider.System);
    private readonly FinishedTrials finished = new();
    private readonly HashSet<TrialKey> added = [];
    private IReadOnlyList<StageRecord> saved = [];
    private long lastEnd;
    private bool working;
    private int runs;

    /// <summary>Runs the search to its end.</summary>
    /// <param name="progress">Receives reports on the calling thread several times a second, or null.</param>
    /// <param name="stop">Stops the search: running trials are put back, and all that has ended is kept.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="InvalidDataException">The store belongs to another study or is damaged, or no design fits the budget.</exception>
    /// <exception cref="InvalidOperationException">The session has run before; make another one to go on.</exception>
    /// <exception cref="SearchException">Another driver holds the store; no trial of an option could be run; or the workers die.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public StudyResult Run(IProgress<SearchProgress>? progress = null, CancellationToken stop = default)
    {
        if (Interlocked.Increment(ref runs) > 1) throw new InvalidOperationException("this session has run before; make another session on the same store to go on with the search");
        using var driver = store.LockForDriver();
        store.Register(StudyRecord.Of(problem));
        // nobody else drives: what still runs belongs to workers of a driver that is gone
        store.ReleaseAll();
        try
        {
            while (Advance() is { IsDone: false } step) WaitForAnEnd(step, progress, stop);
            Report(progress, new(saved, [], true), store.Count());
            KeepWeights();
        }
        finally
        {
            workers.Stop();
            store.ReleaseAll();
        }

        return StudyResult.Of(store);
    }

    // reads what has ended, and does what the policy makes of it
    private PolicyStep Advance()
    {
        foreach (var trial in store.EndedAfter(lastEnd))
        {
            finished.Add(trial);
            lastEnd = trial.EndOrder!.Value;
        }

        var step = policy.Next(finished);
        foreach (var stage in step.Stages) stage.RequireFeasible(problem);
        if (!step.Stages.SequenceEqual(saved)) store.SaveStages(saved = step.Stages);
        TrialSpec[] fresh = [.. step.Trials.Where(spec => added.Add(spec.Key))];
        if (fresh.Length > 0) store.Add(fresh);
        return step.IsDone || step.Trials.Count > 0 ? step : throw new InvalidOperationException($"the policy {policy.GetType().Name} requests nothing, and is not done");
    }

    private void WaitForAnEnd(PolicyStep step, IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        var wait = TimeSpan.FromMilliseconds(1);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var counts = store.Count();
            Report(progress, step, counts);
            StopWhereAllFailed(step, counts);
            if (counts.Sum(count => count.Finished) > finished.Count) return;

            if (!working)
            {
                workers.Start(store);
                working = true;
            }

            workers.Watch();
            stop.WaitHandle.WaitOne(wait);
            // trials that end fast are looked at often
            wait = wait * 2 < options.LongestWait ? wait * 2 : options.LongestWait;
        }
    }

    private void Report(IProgress<SearchProgress>? progress, PolicyStep step, IReadOnlyList<OptionCount> counts)
    {
        if (step.Stages.FirstOrDefault(stage => !stage.IsDecided) is { } current) progress?.Report(meter.Read(current, counts, step.TrialsToCome, step.EpochsToCome));
        else if (step.Stages.Count > 0) progress?.Report(meter.Read(step.Stages[^1], counts, 0, 0));
    }

    private void StopWhereAllFailed(PolicyStep step, IReadOnlyList<OptionCount> counts)
    {
        foreach (var stage in step.Stages)
            foreach (var option in stage.Options.Where(option => option.IsRequired))
            {
                if (!counts.Any(count => count.IsOf(stage, option) && count.Failed == count.Trials)) continue;
                var failure = store.Trials(stage.Name).First(trial => trial.Spec.Key.Option == option.Name && trial.State == TrialState.Failed).Failure;
                // the same command tries them again once the cause is gone
                foreach (var count in counts.Where(count => count.Failed > 0)) store.Retry(count.Stage, count.Option);
                throw new SearchException($"no trial of {option.Name} in stage {stage.Name} could be run: {failure}");
            }
    }

    // of every side the best seed on each task, and the winner's as the best
    private void KeepWeights()
    {
        if (options.TunedFolder is not { } root || saved.LastOrDefault(stage => stage.IsFinalComparison) is not { } final) return;
        var trials = store.Trials(final.Name).Where(trial => final.Options.Any(option => option.Name == trial.Spec.Key.Option && option.Given == trial.Spec.Key.Given));
        foreach (var missing in TunedFolders.KeepBest(root, [.. trials], StudyResult.Of(store).Winner?.Name))
            store.Note($"the tuned weights of {missing} are missing from {root}");
    }
}
