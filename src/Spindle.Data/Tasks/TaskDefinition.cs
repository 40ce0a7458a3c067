using System.Text.Json.Serialization;

namespace Spindle.Data.Tasks;

/// <summary>What a task asks for, and how it is scored.</summary>
/// <param name="Name">The task's name in study files.</param>
/// <param name="Kind">Whether it asks for a class, a value or a text.</param>
/// <param name="Labels">The classes' names in the order of their indices; empty where there are none.</param>
/// <param name="Pairs">Whether a row is two sentences.</param>
/// <param name="Metrics">The names of its metrics; its score is their mean.</param>
/// <param name="Range">The range of a regression's values, or null where it asks for no value.</param>
public sealed record TaskDefinition(
    string Name, TaskKind Kind, IReadOnlyList<string> Labels, bool Pairs, IReadOnlyList<string> Metrics, ScoreRange? Range)
{
    /// <summary>What a text-to-text task puts before each source where the backbone was pretrained with such prefixes (T5); empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The names of metrics that are computed too and do not count in the score.</summary>
    public IReadOnlyList<string> Reported { get; init; } = [];

    /// <summary>The columns of the files that the task was read from, or null where it was not read from the user's own files.</summary>
    public TextColumns? Columns { get; init; }

    /// <summary>How much each label counts in the loss, in the order of the labels; null where all count the same. Only training needs it.</summary>
    [JsonIgnore]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>The metric F1 of the first of two labels; <c>f1</c> is of the second.</summary>
    public const string F1OfFirst = "f1-first";

    /// <summary>The label that F1 is computed of, or null where F1 is none of the metrics.</summary>
    public string? PositiveLabel => Labels.Count != 2 ? null : Metrics.Contains("f1") ? Labels[1] : Metrics.Contains(F1OfFirst) ? Labels[0] : null;

    /// <summary>Refuses to score a model of this task on another's rows where their answers mean something else.</summary>
    /// <param name="rows">The task as the rows have it.</param>
    /// <exception cref="InvalidDataException">Kind, labels or their order differ, or the one has pairs.</exception>
    public void RequireSameAnswers(TaskDefinition rows)
    {
        if (Shape(this) is var own && Shape(rows) is var other && own != other)
            throw new InvalidDataException($"task '{Name}': the model was tuned on {own}, and the rows are {other}; score it on rows of the same task, or name the 'labels' in its order");

        static string Shape(TaskDefinition task) => (task.Kind switch
        {
            TaskKind.Classification => $"the labels {string.Join(", ", task.Labels.Select(label => $"'{label}'"))}",
            TaskKind.Regression => "values",
            _ => "texts to write",
        }) + (task.Pairs ? " of pairs" : " of single texts");
    }
}

/// <summary>What a task asks for.</summary>
public enum TaskKind
{
    /// <summary>One of its labels.</summary>
    Classification,

    /// <summary>A value.</summary>
    Regression,

    /// <summary>A text.</summary>
    TextToText,
}

/// <summary>The range of a regression's values.</summary>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The largest value.</param>
public sealed record ScoreRange(double Minimum, double Maximum);
