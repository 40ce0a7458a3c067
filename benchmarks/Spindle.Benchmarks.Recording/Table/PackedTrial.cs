using System.Text.Json.Serialization;
using Spindle.Yaml;

namespace Spindle.Benchmarks.Recording.Table;

/// <summary>A row of the packed table. Its columns are explained in <c>benchmarks/recorded/README.md</c>.</summary>
internal sealed class PackedTrial
{
    [JsonPropertyName("candidate")]
    public int Candidate { get; set; }

    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("half")]
    public string Half { get; set; } = "";

    [JsonPropertyName("task")]
    public string Task { get; set; } = "";

    [JsonPropertyName("seed")]
    public int Seed { get; set; }

    [JsonPropertyName("rows")]
    public int Rows { get; set; }

    [JsonPropertyName("rate")]
    public double Rate { get; set; }

    [JsonPropertyName("design")]
    public string? Design { get; set; }

    [JsonPropertyName("grouping")]
    public string? Grouping { get; set; }

    [JsonPropertyName("allocation")]
    public string? Allocation { get; set; }

    [JsonPropertyName("tuned")]
    public string? Tuned { get; set; }

    [JsonPropertyName("strategies")]
    public string? Strategies { get; set; }

    [JsonPropertyName("layer_1")]
    public string Layer1 { get; set; } = "";

    [JsonPropertyName("layer_2")]
    public string Layer2 { get; set; } = "";

    [JsonPropertyName("layer_3")]
    public string Layer3 { get; set; } = "";

    [JsonPropertyName("layer_4")]
    public string Layer4 { get; set; } = "";

    [JsonPropertyName("layer_5")]
    public string Layer5 { get; set; } = "";

    [JsonPropertyName("layer_6")]
    public string Layer6 { get; set; } = "";

    [JsonPropertyName("trained")]
    public long Trained { get; set; }

    [JsonPropertyName("head_parameters")]
    public long HeadParameters { get; set; }

    [JsonPropertyName("score_1")]
    public double? Score1 { get; set; }

    [JsonPropertyName("score_2")]
    public double? Score2 { get; set; }

    [JsonPropertyName("score_3")]
    public double? Score3 { get; set; }

    [JsonPropertyName("predictions_1")]
    public byte[]? Predictions1 { get; set; }

    [JsonPropertyName("predictions_2")]
    public byte[]? Predictions2 { get; set; }

    [JsonPropertyName("predictions_3")]
    public byte[]? Predictions3 { get; set; }

    [JsonPropertyName("examples")]
    public long Examples { get; set; }

    [JsonPropertyName("seconds")]
    public double Seconds { get; set; }

    [JsonPropertyName("diverged")]
    public string? Diverged { get; set; }

    [JsonPropertyName("failure")]
    public string? Failure { get; set; }

    /// <summary>The row of a trial.</summary>
    public static PackedTrial Of(RecordedTrial trial)
    {
        var design = trial.Design is { } text ? DesignYaml.Parse(text, trial.Name) : null;
        return new()
        {
            Candidate = trial.Key.Candidate,
            Name = trial.Name,
            Kind = trial.Kind,
            Half = Halves.Of(trial.Key.Task),
            Task = trial.Key.Task,
            Seed = trial.Key.Seed,
            Rows = trial.Key.Rows,
            Rate = trial.Rate,
            Design = trial.Design,
            Grouping = design?.Grouping.ToString(),
            Allocation = design?.Allocation.ToString(),
            Tuned = design?.Tunable.ToString(design.Strategies.Groups.Count),
            Strategies = design?.Strategies.ToString(),
            Layer1 = trial.Layers[0],
            Layer2 = trial.Layers[1],
            Layer3 = trial.Layers[2],
            Layer4 = trial.Layers[3],
            Layer5 = trial.Layers[4],
            Layer6 = trial.Layers[5],
            Trained = trial.Trained,
            HeadParameters = trial.HeadParameters,
            Score1 = trial.Scores.Count > 0 ? trial.Scores[0] : null,
            Score2 = trial.Scores.Count > 1 ? trial.Scores[1] : null,
            Score3 = trial.Scores.Count > 2 ? trial.Scores[2] : null,
            Predictions1 = trial.Predictions.ElementAtOrDefault(0),
            Predictions2 = trial.Predictions.ElementAtOrDefault(1),
            Predictions3 = trial.Predictions.ElementAtOrDefault(2),
            Examples = trial.Examples,
            Seconds = trial.Seconds,
            Diverged = trial.Diverged,
            Failure = trial.Failure,
        };
    }

    /// <summary>The trial of the row.</summary>
    public RecordedTrial Unpack() => new(
        new(Candidate, Task, Seed, Rows), Name, Kind, Rate, Design, [Layer1, Layer2, Layer3, Layer4, Layer5, Layer6], Trained, HeadParameters,
        [.. new[] { Score1, Score2, Score3 }.OfType<double>()], [.. new[] { Predictions1, Predictions2, Predictions3 }.OfType<byte[]>()], Examples, Seconds)
    {
        Diverged = Diverged,
        Failure = Failure,
    };
}
