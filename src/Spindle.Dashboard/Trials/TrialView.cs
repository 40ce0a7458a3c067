using System.Globalization;
using Spindle.Designs.Plans;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Yaml;

namespace Spindle.Dashboard.Trials;

/// <summary>Everything about a trial.</summary>
/// <param name="Id">The trial's number.</param>
/// <param name="Key">The trial in words.</param>
/// <param name="State">The state.</param>
/// <param name="Facts">What else is known: settings, scores, worker, times and machine, as names and values.</param>
/// <param name="Failure">Why it has no score, or null.</param>
/// <param name="Design">The design as YAML, or null where it is not one.</param>
/// <param name="LayerCount">The number of the backbone's layers, or null where that is not known.</param>
/// <param name="Layers">The sizes of every strategy of every layer.</param>
/// <param name="Losses">The training loss of its last run.</param>
/// <param name="EpochScores">The score after each epoch that was scored.</param>
/// <param name="Scores">The scores of its design on every task.</param>
internal sealed record TrialView(
    long Id,
    string Key,
    TrialState State,
    IReadOnlyList<Fact> Facts,
    string? Failure,
    string? Design,
    int? LayerCount,
    IReadOnlyList<LayerPart> Layers,
    IReadOnlyList<LossPoint> Losses,
    IReadOnlyList<double> EpochScores,
    IReadOnlyList<DesignScore> Scores)
{
    private const int ShortCommit = 10;

    /// <summary>The view of a trial, or null where the number is unknown.</summary>
    public static TrialView? Of(ISharedTrialStore store, long id)
    {
        if (store.Find(id) is not { } trial) return null;
        var sized = trial.Spec.Plan as TuningPlan.Sized;
        return new(
            id,
            trial.Spec.Key.ToString(),
            trial.State,
            [.. FactsOf(trial).Concat(FactsOf(RunOf(store, trial))).Where(fact => fact.Value is { Length: > 0 })],
            trial.Failure,
            sized?.Design is { } design ? DesignYaml.Write(design) : null,
            sized?.Design?.Layers,
            [.. (sized?.Layers ?? []).SelectMany(layer => layer.Strategies.Select(strategy => new LayerPart(layer.Layer + 1, strategy.Name, strategy.Size, strategy.Parameters)))],
            store.Losses(id),
            [.. trial.EpochScores.Where(double.IsFinite)],
            [.. store.OfDesign(trial.Spec.Key).Select(one => new DesignScore(one.Id, one.Spec.Key.Task, one.State, one.Outcome?.Score, ConditionsOf(one.Spec.Key)))]);
    }

    private static IEnumerable<Fact> FactsOf(Trial trial)
    {
        var (key, outcome) = (trial.Spec.Key, trial.Outcome);
        yield return new("stage", key.Stage);
        yield return new("option", key.Option);
        yield return new("given", key.GivenText);
        yield return new("task", key.Task);
        yield return new("sample", Text(key.Sample + 1));
        yield return new("seed", Text(key.Seed));
        yield return new("epochs", Text(key.Epochs));
        yield return new("training rows", key.UsesAllRows ? "all, those that select included" : Text(key.TrainingRows));
        yield return new("learning rate", Text(key.LearningRate));
        yield return new("settings", key.Settings);
        yield return new("score", Points(outcome?.Score));
        yield return new("validation score", Points(outcome?.Validation));
        yield return new("test score", Points(outcome?.Test));
        foreach (var (metric, value) in outcome?.Metrics ?? new Dictionary<string, double>()) yield return new(metric, value.ToString("0.0000", CultureInfo.InvariantCulture));
        yield return new("trained parameters", Whole(trial.Spec.Plan.Trained ?? outcome?.Trained));
        yield return new("parameters of the head", Whole(outcome?.HeadParameters));
        yield return new("rows trained on", Whole(outcome?.ExampleSteps ?? trial.Examples));
        yield return new("seconds", outcome?.Seconds.ToString("0.0", CultureInfo.InvariantCulture));
        yield return new("milliseconds per row", outcome?.MillisecondsPerRow?.ToString("G3", CultureInfo.InvariantCulture));
        yield return new("first training", outcome?.Diverged);
        yield return new("weights", outcome?.Unsaved is { } unsaved ? $"could not be written: {unsaved}" : null);
        yield return new("worker", trial.Worker);
        yield return new("lost workers", trial.Losses == 0 ? null : Text(trial.Losses));
        yield return new("added", Time(trial.Added));
        yield return new("started", Time(trial.Started));
        yield return new("last heartbeat", trial.State == TrialState.Running ? Time(trial.Heard) : null);
        yield return new("ended", Time(trial.Ended));
    }

    // the run of the search that trained it: the last that started before it
    private static SearchRun? RunOf(ISharedTrialStore store, Trial trial) => trial.Started is { } started ? store.Study?.Runs.LastOrDefault(run => run.Started <= started) : null;

    private static IEnumerable<Fact> FactsOf(SearchRun? run)
    {
        if (run is null) yield break;
        yield return new("processor", run.Processor);
        yield return new("cores", run.Cores > 0 ? Text(run.Cores) : null);
        yield return new("devices", run.Devices);
        yield return new("Spindle", run.Commit is { } commit ? $"{run.Version} (commit {commit[..Math.Min(commit.Length, ShortCommit)]})" : run.Version);
    }

    // what two scores must share to be compared; the learning rate and the settings are part of what is compared
    private static Fact[] ConditionsOf(TrialKey key) =>
    [
        new("stage", key.Stage),
        new("epochs", Text(key.Epochs)),
        new("training rows", Text(key.TrainingRows) ?? "the study's"),
        new("rows that score", key.UsesAllRows ? "the validation rows" : "the rows that select"),
        new("selection split", Text(key.Split + 1)),
        new("averaged runs", Text(key.AveragedRuns) ?? "the study's"),
    ];

    private static string? Text<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? Whole(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture);

    private static string? Points(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>A name and a value.</summary>
internal sealed record Fact(string Name, string? Value);

/// <summary>The size of a strategy in a layer.</summary>
/// <param name="Layer">The layer, from 1.</param>
/// <param name="Strategy">The strategy's name.</param>
/// <param name="Size">The size.</param>
/// <param name="Parameters">The number of parameters that it trains there.</param>
internal sealed record LayerPart(int Layer, string Strategy, int Size, long Parameters);

/// <summary>The score of a design on a task.</summary>
/// <param name="Id">The number of the trial that was scored.</param>
/// <param name="Task">The task's name.</param>
/// <param name="State">The trial's state.</param>
/// <param name="Score">The score in points, or null.</param>
/// <param name="Conditions">What another score must share with it, so that the two can be compared; in the same order for every score.</param>
internal sealed record DesignScore(long Id, string Task, TrialState State, double? Score, IReadOnlyList<Fact> Conditions);
