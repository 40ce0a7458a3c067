using System.Globalization;
using Spindle.Designs.Plans;
using Spindle.Designs.Text;
using Spindle.Search.Trials;

namespace Spindle.Reports.Runs;

/// <summary>A finished trial as a run of a tool that tracks experiments.</summary>
/// <param name="Id">The trial's number.</param>
/// <param name="Stage">The stage that asked for it.</param>
/// <param name="Name">What it trains: the option, its sample and the task.</param>
/// <param name="IsCompleted">Whether its own training gave the score.</param>
/// <param name="Added">When it was added to the store.</param>
/// <param name="Started">When its last run started.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Parameters">What was trained and how, by name.</param>
/// <param name="Points">What was measured, in order.</param>
internal sealed record TrialRun(
    long Id,
    string Stage,
    string Name,
    bool IsCompleted,
    DateTimeOffset Added,
    DateTimeOffset Started,
    DateTimeOffset Ended,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<RunPoint> Points)
{
    /// <summary>The name of the score after each epoch.</summary>
    public const string Score = "score";

    /// <summary>The name of the training loss.</summary>
    public const string Loss = "loss";

    /// <summary>The runs of the finished trials, without those that only wrote the weights of another trial again.</summary>
    /// <param name="trials">The trials of a store.</param>
    /// <param name="losses">The curve of a trial's training loss by the trial's number, or null for none.</param>
    public static IEnumerable<TrialRun> Of(IEnumerable<Trial> trials, Func<long, IReadOnlyList<LossPoint>>? losses = null) =>
        trials.Where(trial => trial.IsFinished && trial.Spec.Key.Stage != TrialKey.WeightsStage).Select(trial => Of(trial, losses?.Invoke(trial.Id) ?? []));

    private static TrialRun Of(Trial trial, IReadOnlyList<LossPoint> losses)
    {
        var key = trial.Spec.Key;
        var ended = trial.Ended ?? trial.Started ?? trial.Added;
        var started = trial.Started is { } began && began < ended ? began : ended;
        return new(trial.Id, key.Stage, FormattableString.Invariant($"{key.Option} #{key.Sample + 1} {key.Task}"), trial.State == TrialState.Completed, trial.Added, started, ended, ParametersOf(trial), [.. LossesOf(losses, started, ended), .. PointsOf(trial, started, ended)]);
    }

    private static OrderedDictionary<string, string> ParametersOf(Trial trial)
    {
        var (key, plan) = (trial.Spec.Key, trial.Spec.Plan as TuningPlan.Sized);
        var parameters = new OrderedDictionary<string, string>();
        AddText("stage", key.Stage);
        AddText("option", key.Option);
        AddText("given", key.GivenText);
        AddText("task", key.Task);
        Add("sample", key.Sample);
        Add("seed", key.Seed);
        Add("split", key.Split);
        Add("epochs", key.Epochs);
        Add("training_rows", key.TrainingRows);
        Add("learning_rate", key.LearningRate);
        AddText("settings", key.Settings);
        AddText("design", plan is null ? "full fine-tuning" : plan.Design?.ToString());
        AddText("layers", plan is null ? null : string.Join("; ", plan.Layers.Select(layer => FormattableString.Invariant($"{layer.Layer + 1}: {string.Join(" + ", layer.Strategies.Select(strategy => FormattableString.Invariant($"{strategy.Name} {strategy.Size}")))}"))));
        Add("trained_parameters", trial.Outcome?.Trained ?? plan?.Parameters);
        Add("head_parameters", trial.Outcome?.HeadParameters);
        AddText("state", KebabCase.From(trial.State));
        AddText("failure", trial.Failure);
        return parameters;

        void Add(string name, IFormattable? value) => AddText(name, value?.ToString(null, CultureInfo.InvariantCulture));

        void AddText(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) parameters.Add(name, value.ReplaceLineEndings(" "));
        }
    }

    private static IEnumerable<RunPoint> LossesOf(IReadOnlyList<LossPoint> losses, DateTimeOffset started, DateTimeOffset ended) =>
        losses.Select(point => new RunPoint(Loss, point.Examples, started + ((ended - started) * ((double)point.Examples / Math.Max(1, losses[^1].Examples))), point.Loss) { IsTraining = true });

    private static IEnumerable<RunPoint> PointsOf(Trial trial, DateTimeOffset started, DateTimeOffset ended)
    {
        if (trial.Outcome is not { } outcome) yield break;
        var scores = trial.ScoresByEpoch;
        var last = scores.Count > 0 ? scores[^1].Epoch : 0;
        foreach (var (epoch, score) in scores)
            yield return new(Score, epoch, last == 0 ? ended : started + ((ended - started) * ((double)epoch / last)), score);
        IEnumerable<KeyValuePair<string, double?>> measured =
        [
            // where the validation rows were scored, the metrics are theirs
            .. outcome.Metrics.Select(metric => KeyValuePair.Create((outcome.Validation is null ? "" : "validation_") + metric.Key, (double?)metric.Value)),
            new("validation_score", outcome.Validation),
            new("test_score", outcome.Test),
            new("seconds", outcome.Seconds),
            new("milliseconds_per_row", outcome.MillisecondsPerRow),
        ];
        foreach (var (name, value) in measured)
            if (value is { } known) yield return new(name, last, ended, known);
    }
}
