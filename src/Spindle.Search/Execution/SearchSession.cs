using Spindle.Designs.Plans;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Drives a search: asks the policy, adds the requested trials to the store, and waits for the workers. All state is in the store, so a search that was
/// stopped at any moment resumes when it is run again, and ends with the same results. A session runs once.</summary>
/// <param name="problem">What is searched.</param>
/// <param name="policy">Decides which trials run. It must be created for this problem.</param>
/// <param name="store">The store. It is not disposed.</param>
/// <param name="workers">The workers. They are stopped at the end, but not disposed.</param>
/// <param name="options">How the search is run, or null for the defaults.</param>
public sealed class SearchSession(SearchProblem problem, ISearchPolicy policy, ITrialStore store, IWorkerPool workers, SearchOptions? options = null)
{
    private readonly SearchOptions options = options ?? new();
    private SearchProblem problem = problem;
    private ISearchPolicy policy = policy;
    private TimeSpan extraTime = options?.ExtraTime ?? TimeSpan.Zero;
    private bool isPaused;
    private readonly ProgressMeter meter = new(TimeProvider.System);
    private readonly FinishedTrials finished = new();
    private readonly TrialCost cost = new(problem.Tasks);
    private readonly LeadingModel? leading = options?.TunedFolder is { } folder ? new(folder, problem.Tasks.Count) : null;
    private readonly StageLeaders leaders = new(problem.Tasks);
    private readonly List<Trial> ended = [];
    private long endedBefore;
    private readonly HashSet<TrialKey> added = [];
    private IReadOnlyList<StageRecord> saved = [];
    private readonly HashSet<long> retried = [];
    private long lastEnd;
    private bool working;
    private int runs;

    /// <summary>Runs the search to its end.</summary>
    /// <param name="progress">Receives reports on the calling thread several times a second, or null.</param>
    /// <param name="stop">Stops the search. Running trials are released, and finished trials are kept.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidDataException">The store belongs to another study or is damaged, or no design fits the budget.</exception>
    /// <exception cref="InvalidOperationException">The session has run before. Create a new session to resume.</exception>
    /// <exception cref="SearchException">Another search is running on the store, the store was deleted or replaced, no trial of an option could be run, or the workers keep dying.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public StudyResult Run(IProgress<SearchProgress>? progress = null, CancellationToken stop = default)
    {
        if (Interlocked.Increment(ref runs) > 1) throw new InvalidOperationException("this session has run before; to resume the search, create a new session on the same store");
        try
        {
            return Drive(progress, stop);
        }
        catch (FileNotFoundException gone) when (gone.FileName == store.Name)
        {
            throw new SearchException(gone.Message, gone);
        }
    }

    private StudyResult Drive(IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        using var driver = store.LockForDriver();
        store.Register(StudyRecord.Of(problem, policy.Name));
        // what was asked of an earlier search is over, except for the time
        store.Ask(asked => asked with { IsPaused = false, IsStopped = false });
        // rows that were edited are refused here, where their message is not lost in a worker
        _ = store.Trials();
        // this is the only driver: trials that are still running belong to workers of a driver that has died, or to others, and then to those that are silent
        if (!options.HasOtherWorkers) store.ReleaseAll();
        foreach (var count in store.Count().Where(count => count.Failed > 0)) store.Retry(count.Stage, count.Option);
        endedBefore = store.EndedAfter(0).Select(trial => trial.EndOrder ?? 0).DefaultIfEmpty(0).Max();
        IReadOnlyList<string> missing;
        try
        {
            while (Advance() is { IsDone: false } step) WaitForAChange(step, progress, stop);
            Report(progress, new(saved, [], true), store.Count());
            missing = KeepWeights(progress, stop);
        }
        catch (OperationCanceledException)
        {
            // trials that ended in the last moment
            workers.Stop();
            foreach (var trial in store.EndedAfter(lastEnd)) leading?.Add(trial);
            leading?.Update(saved);
            throw;
        }
        finally
        {
            workers.Stop();
            store.ReleaseAll();
        }

        return StudyResult.Of(store) with { MissingWeights = missing };
    }

    // reads the trials that have finished, and follows the policy's answer
    private PolicyStep Advance()
    {
        var isAnyFailed = false;
        foreach (var trial in store.EndedAfter(lastEnd))
        {
            lastEnd = trial.EndOrder!.Value;
            // memory and disks recover; a trial whose workers died was already tried again
            if (trial is { State: TrialState.Failed, Losses: 0 } && retried.Add(trial.Id)) store.Retry(trial.Id);
            else
            {
                finished.Add(trial);
                leaders.Add(trial);
                if (trial.EndOrder > endedBefore) ended.Add(trial);
                leading?.Add(trial);
                isAnyFailed |= trial.State == TrialState.Failed;
            }
        }

        if (isAnyFailed) RequireScores();

        var step = policy.Next(finished);
        foreach (var stage in step.Stages) stage.RequireFeasible(problem);
        // a study that grew may have decided otherwise; what those decisions requested is not needed any more
        if (added.Count == 0) store.RemovePendingExcept(step.Trials.Select(spec => spec.Key).ToHashSet());
        if (!step.Stages.SequenceEqual(saved)) store.SaveStages(saved = step.Stages);
        // any trial within the budget may lead when the search is stopped
        TrialSpec[] fresh = [.. step.Trials.Where(spec => added.Add(spec.Key)).Select(spec => spec with { KeepsWeights = spec.KeepsWeights || (leading is not null && spec.Plan is TuningPlan.Sized) })];
        if (fresh.Length > 0) store.Add([.. cost.Sort(fresh)]);
        if (!step.IsDone) leading?.Update(saved);
        return step.IsDone || step.Trials.Count > 0 ? step : throw new InvalidOperationException($"the policy {policy.GetType().Name} is not done, but requests no trials");
    }

    // the end of a trial, or another limit
    private void WaitForAChange(PolicyStep step, IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        var wait = TimeSpan.FromMilliseconds(1);
        while (true)
        {
            if (Obey(stop)) return;
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
            // the shorter the trials, the more often the store is read
            wait = wait * 2 < options.LongestWait ? wait * 2 : options.LongestWait;
        }
    }

    // true where the limit was raised: the new policy continues from the finished trials, as a search does that is resumed with another limit
    private bool Obey(CancellationToken stop)
    {
        var asked = Asked(stop);
        if (asked.ExtraTime == extraTime || options.WithExtraTime is not { } raise) return false;
        (problem, policy) = raise(extraTime = asked.ExtraTime);
        added.Clear();
        return true;
    }

    private SearchControl Asked(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var asked = store.Control();
        isPaused = asked.IsPaused;
        return asked.IsStopped ? throw new OperationCanceledException("the search was stopped from elsewhere") : asked;
    }

    private void Report(IProgress<SearchProgress>? progress, PolicyStep step, IReadOnlyList<OptionCount> counts)
    {
        if (progress is null || step.Stages.Count == 0) return;
        var current = step.Stages.FirstOrDefault(stage => !stage.IsDecided);
        var stage = current ?? step.Stages[^1];
        var read = current is null ? meter.Read(stage, counts, 0, 0) : meter.Read(stage, counts, step.TrialsToCome, step.EpochsToCome) with { Outlook = step.Outlook, Rungs = step.Rungs, Decision = NextDecision.Of(step, stage) };
        progress.Report(read with { Workers = Math.Max(problem.Workers, read.Running), IsPaused = isPaused, Leaders = leaders.Of(stage), Earlier = StageRecord.LastEarlier(step.Stages), Ended = [.. ended] });
        ended.Clear();
    }

    private void StopWhereAllFailed(PolicyStep step, IReadOnlyList<OptionCount> counts)
    {
        foreach (var stage in step.Stages)
        {
            OptionRecord[] failed = [.. stage.Options.Where(option => counts.Any(count => count.IsOf(stage, option) && count.Failed == count.Trials))];
            var noneRan = failed.Length > 0 && stage.Options.All(option => failed.Contains(option) || !counts.Any(count => count.IsOf(stage, option)));
            if ((noneRan ? failed[0] : failed.FirstOrDefault(option => option.IsRequired)) is not { } stopped) continue;
            Trial[] trials = [.. store.Trials(stage.Name).Where(trial => trial.Spec.Key.Option == stopped.Name && trial.State == TrialState.Failed)];
            // those that are still to be tried again
            if (trials.Length == 0 || trials.Any(trial => trial.Losses == 0 && !retried.Contains(trial.Id))) continue;
            var failure = trials[0].Failure;
            // the next run retries them, once the cause is fixed
            workers.Stop();
            foreach (var count in store.Count().Where(count => count.Failed > 0)) store.Retry(count.Stage, count.Option);
            throw new SearchException($"no trial of {stopped.Name} in stage {stage.Name} could be run: {failure}");
        }
    }

    // a choice needs a design with a score on every task
    private void RequireScores()
    {
        foreach (var stage in saved.Where(stage => stage is { Compares: true, IsDecided: false, IsFinalComparison: false, IsRefit: false }))
        {
            var all = stage.Options.Any(option => option.Reused.Count > 0) ? store.Trials() : store.Trials(stage.Name);
            Trial[] trials = [.. all.Where(trial => stage.Options.Any(option => option.Counts(stage.Name, trial.Spec.Key)))];
            if (trials.Length == 0 || trials.Any(trial => !trial.IsFinished) || Array.Find(trials, trial => trial.State == TrialState.Failed) is not { } failed) continue;
            if (trials.GroupBy(trial => (trial.Spec.Key.Option, trial.Spec.Key.Sample)).All(design => design.Any(trial => !trial.Counts)))
                throw new SearchException($"no design of stage {stage.Name} could be run on every task: {failed.Failure}; run the search again to retry");
        }
    }

    // of every side the best seed on each task, and the winner's as the best; weights that an earlier run could not write are trained again
    private IReadOnlyList<string> KeepWeights(IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        if (options.TunedFolder is not { } root || saved.LastOrDefault(stage => stage.IsFinalComparison) is not { } final) return [];
        var missing = Keep(root, final);
        Trial[] again = [.. missing.Select(weights => weights.Trial).Where(trial => trial.EndOrder <= endedBefore).DistinctBy(trial => trial.Id)];
        if (again.Length > 0)
        {
            WriteAgain(again, progress, stop);
            missing = Keep(root, final);
        }

        return [.. missing.Select(weights => weights.Folder)];
    }

    private IReadOnlyList<(string Folder, Trial Trial)> Keep(string root, StageRecord final)
    {
        var trials = store.Trials(final.Name).Where(trial => final.Options.Any(option => option.Name == trial.Spec.Key.Option && option.Given == trial.Spec.Key.Given));
        var refits = saved.Where(stage => stage.IsRefit).SelectMany(stage => store.Trials(stage.Name).Where(trial => trial.Spec.Key.Given == stage.Options[0].Given && trial.Spec.Key.Option == stage.Options[0].Name));
        try
        {
            return TrialWeights.KeepBest(root, [.. trials], StudyResult.Of(store).Winner?.Name, [.. refits], store.Trials(TrialKey.WeightsStage));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SearchException($"the tuned weights cannot be moved to their folders in {root}: {error.Message}; every score is in {store.Name}; run the search again", error);
        }
    }

    private void WriteAgain(IReadOnlyList<Trial> trials, IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        TrialSpec[] specs = [.. trials.Select(trial => new TrialSpec(trial.Spec.Key with { Stage = TrialKey.WeightsStage }, trial.Spec.Plan) { KeepsWeights = true })];
        store.Add(specs);
        foreach (var trial in Those().Where(trial => trial.IsFinished)) store.Retry(trial.Id);
        if (!working) workers.Start(store);
        working = true;
        while (Those().Any(trial => !trial.IsFinished))
        {
            Asked(stop);
            Report(progress, new(saved, [], true), store.Count());
            workers.Watch();
            stop.WaitHandle.WaitOne(options.LongestWait);
        }

        IEnumerable<Trial> Those() => store.Trials(TrialKey.WeightsStage).Where(trial => specs.Any(spec => spec.Key == trial.Spec.Key));
    }
}
