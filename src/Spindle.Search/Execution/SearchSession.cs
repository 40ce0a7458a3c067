using Spindle.Designs;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Drives a search: asks the policy, adds trials to the store, waits for the workers, decides, and compares the found design at the end. All that it
/// knows is in the store, so a search that was stopped at any moment goes on when it is run again, and ends with the same numbers.</summary>
/// <param name="study">The study.</param>
/// <param name="context">Its backbone, budget and tasks.</param>
/// <param name="store">The store; it stays open.</param>
/// <param name="workers">The workers; they are stopped at the end, not disposed.</param>
/// <param name="options">How the search is driven; defaults where null.</param>
public sealed class SearchSession(Study study, SearchContext context, ITrialStore store, IWorkerPool workers, SearchOptions? options = null)
{
    private readonly SearchOptions options = options ?? new();
    private readonly ProgressMeter meter = new(TimeProvider.System);
    private bool working;

    /// <summary>Runs the search to its end.</summary>
    /// <param name="progress">Told often how far it is, on the calling thread's own time, or null.</param>
    /// <param name="stop">Stops the search: running trials are put back, and all that has ended is kept.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="InvalidDataException">The store belongs to another study or is damaged, or the study cannot be searched.</exception>
    /// <exception cref="SearchException">Another driver holds the store; all trials of an option could not be run; or the workers die.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public StudyResult Run(IProgress<SearchProgress>? progress = null, CancellationToken stop = default)
    {
        var policy = SearchPolicies.Find(study.Search.Policy);
        using var driver = store.LockForDriver();
        store.Register(StudyRecord.Of(study, context, StudyYaml.Write(study)));
        // nobody else drives: what still runs belongs to workers of a driver that is gone
        store.ReleaseAll();
        try
        {
            var found = Decide(policy, progress, stop);
            Compare(found, progress, stop);
        }
        finally
        {
            workers.Stop();
            store.ReleaseAll();
        }

        return StudyResult.Of(store);
    }

    /// <summary>Refuses a study of which no design can fit its budget, before anything is stored or trained.</summary>
    /// <param name="study">The study.</param>
    /// <param name="context">Its backbone, budget and tasks.</param>
    /// <exception cref="InvalidDataException">No design of the first stage that compares fits.</exception>
    public static void RefuseWhatCannotFit(Study study, SearchContext context)
    {
        var policy = SearchPolicies.Find(study.Search.Policy);
        var decided = new List<StageDecision>();
        while (policy.NextStage(context, decided) is { } stage)
        {
            var draws = StageDraws.Draw(context, stage, samples: 1, study.Search.Seed);
            if (stage.Name != "S0" && draws.All(draw => !draw.IsFeasible)) throw NothingFits(study, context, stage, draws);
            if (stage is { Compares: true, Name: not "S0" }) return;
            decided.Add(new(stage.Name, stage.Compares ? null : stage.Options[0].Name));
        }
    }

    private static InvalidDataException NothingFits(Study study, SearchContext context, Stage stage, IReadOnlyList<OptionDraw> draws) => new(
        $"study {study.Name}: no design of stage {stage.Name} fits the budget of {context.Budget}: "
        + $"{draws.FirstOrDefault(draw => draw.Reason is not null)?.Reason ?? "none was drawn"}; raise 'budget'");

    private Design Decide(ISearchPolicy policy, IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        List<StageDecision> decided = [.. store.Stages()
            .Where(stage => stage.IsDecided && stage.Name != FinalComparison.Stage)
            .Select(stage => new StageDecision(stage.Name, stage.Chosen))];
        while (policy.NextStage(context, decided) is { } stage)
        {
            stop.ThrowIfCancellationRequested();
            var chosen = stage.Compares ? Run(policy, stage, decided, progress, stop) : Skip(stage);
            decided.Add(new(stage.Name, chosen));
        }

        return policy.Found(context, decided);
    }

    private string? Run(ISearchPolicy policy, Stage stage, IReadOnlyList<StageDecision> before, IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        var draws = StageDraws.Draw(context, stage, study.Search.SamplesPerOption, study.Search.Seed);
        var record = StageRecord.Of(stage, draws);
        store.SaveStage(record);
        var toCome = policy.TrialsAfterNext(context, before, study.Search.SamplesPerOption);
        var finalTrials = FinalComparison.Options(context) * study.Search.FinalSeeds * context.Tasks.Count;
        var workToCome = (long)toCome * study.Training.Epochs + (long)finalTrials * study.Search.FinalEpochs;
        while (true)
        {
            switch (policy.Next(new(study, context, stage, draws, store.Trials(stage.Name))))
            {
                case PolicyStep.Wanted wanted:
                    store.Add(wanted.Trials);
                    WaitFor(stage.Name, _ => true, toCome + finalTrials, workToCome, progress, stop);
                    break;
                case PolicyStep.Decided { Option: var option }:
                    if (option is null && stage.Name != "S0") throw NothingFits(study, context, stage, draws);
                    store.SaveStage(record with { IsDecided = true, Chosen = option });
                    return option;
            }
        }
    }

    private string Skip(Stage stage)
    {
        store.SaveStage(StageRecord.Of(stage, []) with { IsDecided = true, Chosen = stage.Options[0].Name });
        return stage.Options[0].Name;
    }

    private void Compare(Design found, IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        if (store.Stages().Any(stage => stage is { Name: FinalComparison.Stage, IsDecided: true })) return;
        var (record, trials) = FinalComparison.Plan(study, context, found);
        store.SaveStage(record);
        store.Add(trials);
        // a baseline that cannot be run leaves the rest worth knowing
        WaitFor(FinalComparison.Stage, option => option == FinalComparison.Found, 0, 0, progress, stop);
        if (options.TunedFolder is { } root)
            foreach (var task in TunedFolders.KeepBest(root, store.Trials(FinalComparison.Stage)))
                store.Note($"the tuned weights of {task} are missing from {root}");
        store.SaveStage(record with { IsDecided = true, Chosen = FinalComparison.Found });
    }

    private void WaitFor(
        string stage, Func<string, bool> needed, int trialsToCome, long workToCome, IProgress<SearchProgress>? progress, CancellationToken stop)
    {
        var wait = TimeSpan.FromMilliseconds(1);
        var finished = -1;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var counts = store.Count();
            progress?.Report(meter.Read(stage, counts, trialsToCome, workToCome));
            OptionCount[] here = [.. counts.Where(count => count.Stage == stage)];
            StopWhereAllFailed(here.Where(count => needed(count.Option)));
            if (here.All(count => count.Finished == count.Trials)) return;

            if (!working)
            {
                workers.Start(store);
                working = true;
            }

            workers.Watch();
            // trials that end fast are looked at often
            var now = here.Sum(count => count.Finished);
            wait = now != finished ? TimeSpan.FromMilliseconds(1) : wait * 2 < options.LongestWait ? wait * 2 : options.LongestWait;
            finished = now;
            stop.WaitHandle.WaitOne(wait);
        }
    }

    private void StopWhereAllFailed(IEnumerable<OptionCount> options)
    {
        foreach (var option in options)
        {
            if (option.Failed < option.Trials) continue;
            var failure = store.Trials(option.Stage).First(trial => trial.Spec.Key.Option == option.Option && trial.State == TrialState.Failed).Failure;
            // the same command tries them again once the cause is gone
            store.Retry(option.Stage, option.Option);
            throw new SearchException($"no trial of {option.Option} in stage {option.Stage} could be run: {failure}");
        }
    }
}
