using System.Globalization;
using Spindle.Search.Trials;
using Spindle.Yaml;

namespace Spindle.Search.Storage;

/// <summary>A row of the table of trials.</summary>
internal sealed record TrialRow
{
    /// <summary>All columns but the times, of which each database has its type.</summary>
    public const string Values = """
        id as Id, stage as Stage, option as Option, given as Given, sample as Sample, task as Task, training_rows as TrainingRows, learning_rate as LearningRate, split as Split, all_rows as AllRows, averaged_runs as AveragedRuns, settings as Settings,
        plan as PlanText, solution as Solution, trained as Trained, seed as Seed,
        epochs as Epochs, keep_weights as KeepWeights, keep_predictions as KeepPredictions, priority as Priority, state as State, token as Token, worker as Worker, losses as Losses, examples as Examples, score as Score, validation as Validation, test as Test,
        metrics as Metrics, epoch_scores as EpochScores, head_parameters as HeadParameters, example_steps as ExampleSteps, seconds as Seconds,
        milliseconds_per_row as MillisecondsPerRow, scoring_batch as ScoringBatch, remaining_parameters as RemainingParameters,
        failure as Failure, diverged as Diverged, unsaved as Unsaved, end_order as EndOrder
        """;

    public const string Columns = $"{Values}, added as Added, started as Started, heard as Heard, ended as Ended";

    /// <summary>What makes a trial pending again.</summary>
    public const string PutBack =
        "state = 0, token = null, worker = null, started = null, heard = null, ended = null, end_order = null, failure = null, examples = 0, epoch_scores = null";

    public long Id { get; init; }

    public string Stage { get; init; } = "";

    public string Option { get; init; } = "";

    public string Given { get; init; } = "";

    public long Sample { get; init; }

    public string Task { get; init; } = "";

    public long? TrainingRows { get; init; }

    public double? LearningRate { get; init; }

    public long Split { get; init; }

    public long AllRows { get; init; }

    public long? AveragedRuns { get; init; }

    public string? Settings { get; init; }

    public string PlanText { get; init; } = "";

    public string? Solution { get; init; }

    public long? Trained { get; init; }

    public long Seed { get; init; }

    public long Epochs { get; init; }

    public long KeepWeights { get; init; }

    public long KeepPredictions { get; init; }

    public long Priority { get; init; }

    public long State { get; init; }

    public string? Token { get; init; }

    public string? Worker { get; init; }

    public long Losses { get; init; }

    public long Examples { get; init; }

    public double? Score { get; init; }

    public double? Validation { get; init; }

    public double? Test { get; init; }

    public string? Metrics { get; init; }

    public string? EpochScores { get; init; }

    public long? HeadParameters { get; init; }

    public long? ExampleSteps { get; init; }

    public double? Seconds { get; init; }

    public double? MillisecondsPerRow { get; init; }

    public long? ScoringBatch { get; init; }

    public long? RemainingParameters { get; init; }

    public string? Failure { get; init; }

    public string? Diverged { get; init; }

    public string? Unsaved { get; init; }

    public string Added { get; init; } = "";

    public string? Started { get; init; }

    public string? Heard { get; init; }

    public string? Ended { get; init; }

    public long? EndOrder { get; init; }

    /// <summary>The statement that inserts a whole row.</summary>
    /// <param name="more">Further columns, each with a comma after it.</param>
    /// <param name="moreValues">Their values.</param>
    /// <param name="time">What turns a text into a time of the database.</param>
    public static string Insertion(string more = "", string moreValues = "", string time = "") => $"""
        insert into trial ({more}id, stage, option, given, sample, task, training_rows, learning_rate, split, all_rows, averaged_runs, settings, plan, solution, trained, seed, epochs, keep_weights, keep_predictions,
            priority, state, token, worker, losses, examples, score, validation, test, metrics, epoch_scores, head_parameters, example_steps, seconds, milliseconds_per_row, scoring_batch, remaining_parameters,
            failure, diverged, unsaved, end_order, added, started, heard, ended)
        values ({moreValues}@Id, @Stage, @Option, @Given, @Sample, @Task, @TrainingRows, @LearningRate, @Split, @AllRows, @AveragedRuns, @Settings, @PlanText, @Solution, @Trained, @Seed, @Epochs, @KeepWeights, @KeepPredictions,
            @Priority, @State, @Token, @Worker, @Losses, @Examples, @Score, @Validation, @Test, @Metrics, @EpochScores, @HeadParameters, @ExampleSteps, @Seconds, @MillisecondsPerRow, @ScoringBatch, @RemainingParameters,
            @Failure, @Diverged, @Unsaved, @EndOrder, @Added{time}, @Started{time}, @Heard{time}, @Ended{time})
        """;

    public static string Time(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    /// <exception cref="InvalidDataException">The row is invalid.</exception>
    public TrialKey Key(string store)
    {
        var name = Name(store);
        return new(Stage, Option, Whole(Sample, name), Task, Whole(Epochs, name), Whole(Seed, name))
        {
            Given = Given,
            TrainingRows = TrainingRows is { } rows ? Whole(rows, name) : null,
            LearningRate = LearningRate,
            Settings = Settings,
            Split = Whole(Split, name),
            UsesAllRows = AllRows != 0,
            AveragedRuns = AveragedRuns is { } runs ? Whole(runs, name) : null,
        };
    }

    /// <param name="store">The store's name, for messages.</param>
    /// <param name="plans">The plans of other rows that were read before, or null.</param>
    /// <exception cref="InvalidDataException">The row is invalid.</exception>
    public TrialSpec Spec(string store, PlanReader? plans = null)
    {
        var name = Name(store);
        return new(Key(store), (plans ?? new()).Read(PlanText, Solution, name))
        {
            KeepsWeights = KeepWeights != 0,
            KeepsPredictions = KeepPredictions != 0,
            Priority = Whole(Priority, name),
        };
    }

    /// <param name="store">The store's name, for messages.</param>
    /// <param name="plans">The plans of other rows that were read before, or null.</param>
    /// <exception cref="InvalidDataException">The row is invalid.</exception>
    public Trial Trial(string store, PlanReader? plans = null)
    {
        var name = Name(store);
        var state = State is >= (long)TrialState.Pending and <= (long)TrialState.Failed
            ? (TrialState)State
            : throw new InvalidDataException($"{name}: unknown state {State}; restore a copy of the store");
        var epochScores = StoreText.Read<double[]>(EpochScores ?? "[]", name);
        var trial = new Trial(Id, Spec(store, plans), state)
        {
            Outcome = Metrics is null ? null : new TrialOutcome(
                Score,
                StoreText.Read<Dictionary<string, double>>(Metrics, name),
                epochScores,
                Trained ?? 0,
                HeadParameters ?? 0,
                ExampleSteps ?? 0,
                Seconds ?? 0,
                Failure)
            {
                Validation = Validation,
                Test = Test,
                MillisecondsPerRow = MillisecondsPerRow,
                ScoringBatch = ScoringBatch is { } batch ? Whole(batch, name) : null,
                RemainingParameters = RemainingParameters,
                Diverged = Diverged,
                Unsaved = Unsaved,
            },
            Failure = Failure,
            Worker = Worker,
            Losses = Whole(Losses, name),
            Examples = Examples,
            EpochScores = epochScores,
            Added = At(Added, name) ?? default,
            Started = At(Started, name),
            Heard = At(Heard, name),
            Ended = At(Ended, name),
            EndOrder = EndOrder,
        };
        return StoredFault.Of(trial) is { } fault ? throw StoreText.Damaged(name, fault) : trial;
    }

    private string Name(string store) => string.Create(CultureInfo.InvariantCulture, $"{store}: trial {Id}");

    private static int Whole(long value, string name) => value is >= 0 and <= int.MaxValue
        ? (int)value
        : throw new InvalidDataException($"{name}: {value} is out of range; restore a copy of the store");

    private static DateTimeOffset? At(string? text, string name) => text is null
        ? null
        : DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time
            : throw new InvalidDataException($"{name}: '{ErrorText.Line(text)}' is not a time; restore a copy of the store");
}
