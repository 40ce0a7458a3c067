using System.Text.Json.Serialization;
using Spindle.Search.Results;

namespace Spindle.Benchmarks.Quality;

/// <summary>One model to be measured on one task. Its values are the key in the results file.</summary>
/// <param name="Task">The task of GLUE.</param>
/// <param name="Seed">The seed of the drawn rows and of training.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OneTraining), "training")]
[JsonDerivedType(typeof(Contest), "contest")]
[JsonDerivedType(typeof(StudyRun), "study")]
internal abstract record Measurement(string Task, int Seed)
{
    /// <summary>The training rows that are drawn of each task.</summary>
    public const int Rows = 1000;

    /// <summary>Trains and scores the model on the official development rows.</summary>
    /// <param name="data">The folder of GLUE.</param>
    public abstract Result Run(string data);
}

/// <summary>What was measured.</summary>
/// <param name="Score">The task's score on the official development rows, in points.</param>
/// <param name="Epochs">The score after each epoch, in points; empty where only the end was scored.</param>
/// <param name="Trained">Trained parameters without the head.</param>
/// <param name="Seconds">The seconds that it took.</param>
internal sealed record Result(double Score, IReadOnlyList<double> Epochs, long Trained, double Seconds)
{
    /// <summary>What was chosen, where something was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Chosen { get; init; }

    /// <summary>The sides that were compared, where several were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ComparedSide>? Sides { get; init; }

    /// <summary>What a search handed back: the last training, where there is one.</summary>
    /// <param name="result">The search's result.</param>
    /// <param name="time">The time that it took.</param>
    public static Result Of(StudyResult result, TimeSpan time)
    {
        var winner = result.Winner ?? throw new InvalidOperationException("the search has no winner");
        return new(Math.Round((result.Refit ?? winner).Validation ?? 0, 3), [], winner.Trained ?? 0, Math.Round(time.TotalSeconds, 1))
        {
            Chosen = winner.Name + (result.Refit is null ? "" : ", trained again on all rows"),
            Sides = [.. result.Sides.Where(side => side.Mean is not null).Select(side => new ComparedSide(side.Name, Rounded(side.Mean), Rounded(side.Validation)))],
        };
    }

    private static double? Rounded(double? score) => score is { } value ? Math.Round(value, 3) : null;
}

/// <summary>A side of a comparison, trained on the rows that do not select.</summary>
/// <param name="Name">The side.</param>
/// <param name="Selection">The mean score on the selection rows, in points.</param>
/// <param name="Development">The mean score on the official development rows, in points.</param>
internal sealed record ComparedSide(string Name, double? Selection, double? Development);
