using Spindle.Designs.Plans;
using Spindle.Metrics.Comparisons;
using Spindle.Search.Explanations;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Results;

/// <summary>The result of a study so far: a pure function of its store, at any moment of the search.</summary>
/// <param name="Study">The study, as recorded in the store.</param>
/// <param name="Stages">The stages that have started, without the final comparison.</param>
/// <param name="IsComplete">Whether the search has finished, including the final comparison.</param>
/// <param name="Plan">The found design with its sizes; null until every stage is decided.</param>
/// <param name="Found">The found design's result in the final comparison; null until that has started.</param>
/// <param name="Baselines">The results of each single strategy and of full fine-tuning; empty until the final comparison has started.</param>
/// <param name="Trials">Finished trials.</param>
/// <param name="Failed">Finished trials without a score.</param>
/// <param name="ExampleSteps">Rows trained on, counted once per epoch, over all finished trials.</param>
/// <param name="TrialSeconds">Total wall-clock seconds of all finished trials.</param>
/// <param name="Warnings">What a reader should know before trusting the numbers, one sentence each.</param>
/// <param name="Notes">Events during the search, one sentence each.</param>
public sealed record StudyResult(
    StudyRecord Study,
    IReadOnlyList<StageResult> Stages,
    bool IsComplete,
    TuningPlan.Sized? Plan,
    FinalResult? Found,
    IReadOnlyList<FinalResult> Baselines,
    int Trials,
    int Failed,
    long ExampleSteps,
    double TrialSeconds,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Notes)
{
    /// <summary>The <see cref="Reference"/> against every other side, row by row; empty until the final comparison has kept predictions.</summary>
    public IReadOnlyList<RowComparison> Rows { get; init; } = [];

    /// <summary>The side whose differences to the others are tested: the winner. Where the validation rows select, it is the found design, because a test on the rows that chose the winner would favour it.</summary>
    public FinalResult? Reference => SelectsOnOwnRows ? Winner ?? Found : Found ?? Winner;

    /// <summary>The best side within the budget besides the <see cref="Reference"/>, or null if none has a score.</summary>
    public FinalResult? BestOther => Others.Where(side => side is { IsWithinBudget: true, IsScored: true }).MaxBy(side => side.Mean);

    /// <summary>Every side of the final comparison, the found design first.</summary>
    public IReadOnlyList<FinalResult> Sides => Found is { } found ? [found, .. Baselines] : Baselines;

    /// <summary>Every side of the final comparison but the <see cref="Reference"/>.</summary>
    public IEnumerable<FinalResult> Others => Sides.Where(side => side != Reference);

    /// <summary>The side within the budget with the best mean on the rows that select, of equal ones that with the fewest trained parameters, or the one that the study prefers: what the search returns,
    /// whether it was found or is a plain strategy. Null until the final comparison has ended, and where no side has a score.</summary>
    public FinalResult? Winner => !IsComplete ? null : Sides.FirstOrDefault(side => side.Name == (Refit?.Name ?? Preferred)) ?? Best;

    /// <summary>Which choices moved the score, and how far cheap trainings can be trusted; null where nothing was asked.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>The earlier searches that it started from; empty for none.</summary>
    public IReadOnlyList<EarlierResult> Earlier { get; init; } = [];

    /// <summary>What a search that has not ended would hand back; null where it has ended, and before the first trial on every task.</summary>
    public Leader? Leader { get; init; }

    /// <summary>The side that won because the study prefers it, or null where the best mean wins.</summary>
    public string? Preferred { get; init; }

    /// <summary>The side within the budget with the best mean on the rows that select; null where none has a score.</summary>
    public FinalResult? Best => Sides
        .Where(side => side is { IsWithinBudget: true, IsScored: true })
        .OrderByDescending(side => side.Mean).ThenBy(side => side.Trained).FirstOrDefault();

    /// <summary>Whether rows set aside for it select, so that each side has a score on the validation rows besides. Otherwise the validation rows select, as in the paper's protocol.</summary>
    public bool SelectsOnOwnRows => Study.Tasks.Any(task => task.AllRows > task.TrainingRows)
        // older stores do not know the numbers of rows
        || Sides.Any(side => side is { Mean: { } mean, Validation: { } validation } && Math.Abs(validation - mean) > 1e-9);

    /// <summary>The winner after it was trained again on all training rows, or null if it was not; its scores are those on the validation rows.</summary>
    public FinalResult? Refit { get; init; }

    /// <summary>The side within the budget with the fewest trained parameters whose mean is within one standard error of the best; the winner where the best has no standard error.</summary>
    public FinalResult? Simplest => Winner is not { } winner ? null : Best is not { StandardError: { } error } best ? winner : Sides
        .Where(side => side is { IsWithinBudget: true, IsScored: true } && side.Mean >= best.Mean - error)
        .OrderBy(side => side.Trained).ThenByDescending(side => side.Mean).First();

    /// <summary>The number of trials that could not be run, because of memory, the disk or dead workers. They are left out of every mean, and the next run of the search runs them again.</summary>
    public int NotRun { get; init; }

    /// <summary>The tuned weights that could not be written, each as <c>SIDE/TASK</c>; empty where all are there, or none are kept. The next run of the search writes them again.</summary>
    public IReadOnlyList<string> MissingWeights { get; init; } = [];

    /// <summary>The tasks that count in the final comparison: those on which some side is better than guessing.</summary>
    public VotingTasks Voting => Votes(Study, Sides);

    /// <summary>The <see cref="Reference"/> against another side over the tasks that count; null without a score of both, or if no task counts.</summary>
    public PairedDifference? Against(FinalResult other) =>
        Reference is { IsScored: true } reference && other != reference && other.IsScored ? PairedDifference.Of(reference, other, Voting.Names) : null;

    /// <summary>Full fine-tuning, or null if it has no score.</summary>
    public FinalResult? Full => Baselines.FirstOrDefault(baseline => baseline is { Role: OptionRole.FullFineTuning, IsScored: true });

    /// <summary>The result of the trials in a store.</summary>
    /// <exception cref="InvalidDataException">The store has no study yet, or is damaged.</exception>
    public static StudyResult Of(ITrialStore store) => Of(store, store.Trials());

    /// <summary>The result of the trials in a store, which were read already.</summary>
    /// <param name="store">The store.</param>
    /// <param name="stored">All its trials.</param>
    /// <exception cref="InvalidDataException">The store has no study yet, or is damaged.</exception>
    public static StudyResult Of(ITrialStore store, IReadOnlyList<Trial> stored)
    {
        var study = store.Study ?? throw new InvalidDataException($"{store.Name}: no search has been started on this store; start one");
        var records = store.Stages();
        Trial[] trials = [.. stored.Where(trial => trial.Spec.Key.Stage != TrialKey.WeightsStage)];
        var byOption = trials.ToLookup(trial => (trial.Spec.Key.Stage, trial.Spec.Key.Option, trial.Spec.Key.Given));
        var stages = StageCertainty.AddTo([.. records.Where(record => record is { IsFinalComparison: false, IsRefit: false }).Select(record => new StageResult(
            record.Name,
            [.. record.Options.Select(option => Option(option, [.. byOption[(record.Name, option.Name, option.Given)]], [.. option.Reused.SelectMany(design => byOption[(design.Stage, design.Option, design.Given)].Where(trial => design.Has(trial.Spec.Key)))], study.Tasks.Count))],
            record.IsDecided,
            record.Chosen,
            record.Compares)
        { Race = record.Race })]);

        var final = records.FirstOrDefault(record => record.IsFinalComparison);
        if (StoredFault.Of(study, trials.Where(trial => trial.Spec.Key.Stage == final?.Name)) is { } fault) throw StoreText.Damaged(store.Name, fault);
        FinalResult[] finals = [.. (final?.Options ?? []).Select(option => Final(option, [.. byOption[(final!.Name, option.Name, option.Given)]], study))];
        var best = StageCertainty.Probabilities([.. finals.Where(side => side.IsWithinBudget && side.IsScored).Select(side => (side.Name, side.SeedMeans))]);
        finals = [.. finals.Select(side => best.TryGetValue(side.Name, out var probability) ? side with { ProbabilityOfBest = probability } : side)];
        var found = Array.Find(finals, result => result.Role == OptionRole.Found);
        var foundOption = final?.Options.FirstOrDefault(option => option.Role == OptionRole.Found);
        var plan = foundOption is null ? null : byOption[(final!.Name, foundOption.Name, foundOption.Given)].FirstOrDefault()?.Spec.Plan as TuningPlan.Sized;
        Trial[] finished = [.. trials.Where(trial => trial.IsFinished)];
        var result = new StudyResult(
            study,
            stages,
            final?.IsDecided == true && records.All(record => !record.IsRefit || record.IsDecided),
            plan,
            found,
            [.. finals.Where(other => other != found)],
            finished.Length,
            finished.Count(trial => trial.State != TrialState.Completed),
            finished.Sum(trial => trial.Outcome?.ExampleSteps ?? 0),
            finished.Sum(trial => trial.Outcome?.Seconds ?? 0),
            [],
            [.. store.Notes().Select(note => note.Text)])
        {
            Preferred = study.Settings?.GetValueOrDefault("search.prefer") is { } preferred && final?.Chosen == preferred ? preferred : null,
            Refit = records.Where(record => record is { IsRefit: true, IsDecided: true }).Select(record => Final(
                record.Options[0], [.. byOption[(record.Name, record.Options[0].Name, record.Options[0].Given)]], study)).FirstOrDefault(),
            NotRun = finished.Count(trial => trial.State == TrialState.Failed),
            Explanation = Explanation.Of(study, records, trials),
            Earlier = [.. study.Earlier.Select(earlier => new EarlierResult(earlier, StageRecord.LastEarlier(records).FirstOrDefault(found => found.Store == earlier.Store)))],
        };
        if (result.Reference is { } reference) result = result with { Rows = RowComparer.Compare(store, final!, reference.Name, trials, [.. study.Tasks.Select(task => task.Name)], result.Voting.Names) };
        if (!result.IsComplete) result = result with { Leader = Leader.Of(records, trials, study.Tasks.Count) };
        return result with { Warnings = [.. StudyWarnings.List(result, finished), .. records.Select(record => record.LeftOut).OfType<string>()] };
    }

    private static VotingTasks Votes(StudyRecord study, IReadOnlyList<FinalResult> sides) => VotingTasks.Of([.. study.Tasks.Select(task => new ScoredTask(
        task.Name,
        task.Chance,
        [.. sides.Where(side => side.IsScored && side.TaskMeans.ContainsKey(task.Name)).Select(side => side.TaskMeans[task.Name])]))]);

    private static OptionResult Option(OptionRecord option, Trial[] trials, Trial[] reused, int tasks)
    {
        var samples = OptionScore.SampleMeans([.. reused, .. trials.Where(trial => reused.All(other => other.Spec.Key.Sample != trial.Spec.Key.Sample))], tasks);
        var score = OptionScore.Of([.. samples.Values]);
        return new(
            option.Name,
            option.Description,
            option.Exact,
            trials.Count(trial => trial.IsFinished),
            trials.Count(trial => trial.State is TrialState.Diverged or TrialState.Failed),
            score.Designs,
            score.Mean,
            score.StandardError,
            option.Infeasible,
            option.Reason)
        {
            SampleMeans = samples,
            Reused = option.Reused.Count,
            Dropped = option.Dropped,
        };
    }

    private static FinalResult Final(OptionRecord option, Trial[] trials, StudyRecord study)
    {
        Trial[] finished = [.. trials.Where(trial => trial.IsFinished)];
        Trial[] counted = [.. finished.Where(trial => trial.Counts)];
        return new(
            option.Name,
            trials.Select(trial => trial.Spec.Plan.Trained ?? trial.Outcome?.Trained).FirstOrDefault(trained => trained is not null),
            counted.GroupBy(trial => trial.Spec.Key.Sample)
                .Where(seed => seed.Count() == study.Tasks.Count)
                .ToDictionary(seed => seed.Key, seed => seed.Average(trial => trial.Points)),
            new OrderedDictionary<string, double>(study.Tasks
                .Where(task => counted.Any(trial => trial.Spec.Key.Task == task.Name))
                .Select(task => KeyValuePair.Create(
                    task.Name, counted.Where(trial => trial.Spec.Key.Task == task.Name).Average(trial => trial.Points)))),
            finished.Length,
            finished.Count(trial => trial.State != TrialState.Completed),
            option.Reason)
        {
            Role = option.Role,
            SeedScores = counted.GroupBy(trial => trial.Spec.Key.Task).ToDictionary(
                task => task.Key,
                task => (IReadOnlyDictionary<int, double>)task.ToDictionary(trial => trial.Spec.Key.Sample, trial => ValidationOf(trial) ?? trial.Points)),
            Validation = MeanOf(ValidationOf),
            Test = counted.Any(trial => trial.Outcome?.Test is not null) ? MeanOf(TestOf) : null,
            Metrics = counted.GroupBy(trial => trial.Spec.Key.Task).ToDictionary(task => task.Key, Metrics),
            Recipe = trials.FirstOrDefault()?.Spec.Key is { } key && SideOptions.Given("", key.LearningRate, key.Settings) is { Length: > 0 } recipe ? recipe : null,
            HeadParameters = finished.Max(trial => trial.Outcome?.HeadParameters),
            RemainingParameters = finished.Max(trial => trial.Outcome?.RemainingParameters),
            MillisecondsPerRow = finished.Average(trial => trial.Outcome?.MillisecondsPerRow),
            ScoringBatch = finished.Max(trial => trial.Outcome?.ScoringBatch),
        };

        // over the seeds that have points on every task
        double? MeanOf(Func<Trial, double?> points) => counted.GroupBy(trial => trial.Spec.Key.Sample)
            .Where(seed => seed.Count() == study.Tasks.Count && seed.All(trial => points(trial) is not null))
            .Select(seed => (double?)seed.Average(trial => points(trial)!.Value)).DefaultIfEmpty(null).Average();
    }

    // a trial that failed scores as it counts on the rows that select
    private static double? ValidationOf(Trial trial) => trial.State == TrialState.Completed ? trial.Outcome?.Validation : trial.Points;

    private static double? TestOf(Trial trial) => trial.State == TrialState.Completed ? trial.Outcome?.Test : trial.Points;

    // in the task's order
    private static IReadOnlyDictionary<string, double> Metrics(IEnumerable<Trial> trials) => new OrderedDictionary<string, double>(trials
        .Where(trial => trial.State == TrialState.Completed)
        .SelectMany(trial => trial.Outcome!.Metrics)
        .GroupBy(metric => metric.Key, metric => metric.Value)
        .Select(metric => KeyValuePair.Create(metric.Key, metric.Average())));
}
