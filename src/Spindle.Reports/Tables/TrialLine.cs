using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spindle.Designs.Plans;
using Spindle.Designs.Text;
using Spindle.Search.Trials;

namespace Spindle.Reports.Tables;

/// <summary>A trial as a line of a table. Scores are in points; what is not known is missing.</summary>
public sealed record TrialLine
{
    /// <summary>The number, in the order in which trials were added.</summary>
    [JsonPropertyName("trial")]
    public long Trial { get; init; }

    /// <summary>The stage that asked for it.</summary>
    [JsonPropertyName("stage")]
    public string Stage { get; init; } = "";

    /// <summary>Its option there.</summary>
    [JsonPropertyName("option")]
    public string Option { get; init; } = "";

    /// <summary>What the policy had fixed before.</summary>
    [JsonPropertyName("given")]
    public string Given { get; init; } = "";

    /// <summary>The zero-based sample; in the final comparison, the index of the seed.</summary>
    [JsonPropertyName("sample")]
    public int Sample { get; init; }

    /// <summary>The task.</summary>
    [JsonPropertyName("task")]
    public string Task { get; init; } = "";

    /// <summary>The seed of initial values, row order and dropout.</summary>
    [JsonPropertyName("seed")]
    public int Seed { get; init; }

    /// <summary>The zero-based selection split.</summary>
    [JsonPropertyName("split")]
    public int Split { get; init; }

    /// <summary>Passes over the training rows.</summary>
    [JsonPropertyName("epochs")]
    public int Epochs { get; init; }

    /// <summary>The number of training rows, where it is not the study's.</summary>
    [JsonPropertyName("training_rows")]
    public int? TrainingRows { get; init; }

    /// <summary>Whether the rows that select trained too.</summary>
    [JsonPropertyName("uses_all_rows")]
    public bool UsesAllRows { get; init; }

    /// <summary>The number of runs whose trained values were averaged, where it is not the study's.</summary>
    [JsonPropertyName("averaged_runs")]
    public int? AveragedRuns { get; init; }

    /// <summary>The learning rate, where it is not the study's.</summary>
    [JsonPropertyName("learning_rate")]
    public double? LearningRate { get; init; }

    /// <summary>The values of other listed settings, as YAML.</summary>
    [JsonPropertyName("settings")]
    public string? Settings { get; init; }

    /// <summary><c>pending</c>, <c>running</c>, <c>completed</c>, <c>diverged</c> or <c>failed</c>.</summary>
    [JsonPropertyName("state")]
    public string State { get; init; } = "";

    /// <summary>The score on the rows that select; of a diverged training, that of guessing.</summary>
    [JsonPropertyName("score")]
    public double? Score { get; init; }

    /// <summary>The score on the validation rows.</summary>
    [JsonPropertyName("validation")]
    public double? Validation { get; init; }

    /// <summary>The score on labelled test rows.</summary>
    [JsonPropertyName("test")]
    public double? Test { get; init; }

    /// <summary>The score after each epoch, as a JSON array.</summary>
    [JsonPropertyName("epoch_scores")]
    public string EpochScores { get; init; } = "[]";

    /// <summary>Each metric of the last epoch as a fraction, as a JSON object.</summary>
    [JsonPropertyName("metrics")]
    public string Metrics { get; init; } = "{}";

    /// <summary>Why it has no score.</summary>
    [JsonPropertyName("failure")]
    public string? Failure { get; init; }

    /// <summary>Why a first training diverged, where the score is that of a second one.</summary>
    [JsonPropertyName("diverged")]
    public string? Diverged { get; init; }

    /// <summary>What is trained: the design, <c>full fine-tuning</c>, or missing for the head alone.</summary>
    [JsonPropertyName("design")]
    public string? Design { get; init; }

    /// <summary>The sizes, layer by layer: <c>1: lora 8 + bitfit 1; 2: lora 8</c>.</summary>
    [JsonPropertyName("layers")]
    public string? Layers { get; init; }

    /// <summary>Trained parameters without the head.</summary>
    [JsonPropertyName("trained")]
    public long? Trained { get; init; }

    /// <summary>Trained parameters of the head.</summary>
    [JsonPropertyName("head_parameters")]
    public long? HeadParameters { get; init; }

    /// <summary>Rows trained on, counted once per epoch.</summary>
    [JsonPropertyName("example_steps")]
    public long? ExampleSteps { get; init; }

    /// <summary>Wall-clock seconds, scoring included.</summary>
    [JsonPropertyName("seconds")]
    public double? Seconds { get; init; }

    /// <summary>Wall-clock milliseconds in which the trained model predicts a row.</summary>
    [JsonPropertyName("milliseconds_per_row")]
    public double? MillisecondsPerRow { get; init; }

    /// <summary>The worker.</summary>
    [JsonPropertyName("worker")]
    public string? Worker { get; init; }

    /// <summary>When its last run started, in UTC (ISO 8601).</summary>
    [JsonPropertyName("started")]
    public string? Started { get; init; }

    /// <summary>When it finished, in UTC (ISO 8601).</summary>
    [JsonPropertyName("ended")]
    public string? Ended { get; init; }

    /// <summary>The line of a trial.</summary>
    public static TrialLine Of(Trial trial)
    {
        var (key, outcome, plan) = (trial.Spec.Key, trial.Outcome, trial.Spec.Plan as TuningPlan.Sized);
        return new()
        {
            Trial = trial.Id,
            Stage = key.Stage,
            Option = key.Option,
            Given = key.GivenText,
            Sample = key.Sample,
            Task = key.Task,
            Seed = key.Seed,
            Split = key.Split,
            Epochs = key.Epochs,
            TrainingRows = key.TrainingRows,
            UsesAllRows = key.UsesAllRows,
            AveragedRuns = key.AveragedRuns,
            LearningRate = key.LearningRate,
            Settings = key.Settings,
            State = KebabCase.From(trial.State),
            Score = outcome?.Score,
            Validation = outcome?.Validation,
            Test = outcome?.Test,
            EpochScores = JsonSerializer.Serialize(outcome?.EpochScores ?? []),
            Metrics = JsonSerializer.Serialize((outcome?.Metrics ?? new Dictionary<string, double>()).Where(metric => double.IsFinite(metric.Value)).ToDictionary()),
            Failure = trial.Failure,
            Diverged = outcome?.Diverged,
            Design = plan is null ? "full fine-tuning" : plan.Design?.ToString(),
            Layers = plan is null ? null : string.Join("; ", plan.Layers.Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Layer + 1}: {string.Join(" + ", layer.Strategies.Select(strategy => $"{strategy.Name} {strategy.Size}"))}"))),
            Trained = outcome?.Trained ?? plan?.Parameters,
            HeadParameters = outcome?.HeadParameters,
            ExampleSteps = outcome?.ExampleSteps,
            Seconds = outcome?.Seconds,
            MillisecondsPerRow = outcome?.MillisecondsPerRow,
            Worker = trial.Worker,
            Started = Time(trial.Started),
            Ended = Time(trial.Ended),
        };
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
