namespace Spindle.Data.Tasks;

/// <summary>What a task asks for, and how it is scored.</summary>
/// <param name="Name">The task's name in study files.</param>
/// <param name="Kind">Whether it asks for a class, a value or a text.</param>
/// <param name="Labels">The classes' names in the order of their indices; empty where there are none.</param>
/// <param name="Pairs">Whether a row is two sentences.</param>
/// <param name="Metrics">The names of its metrics; its score is their mean.</param>
/// <param name="Range">The range of a regression's values, or null for a classification.</param>
public sealed record TaskDefinition(
    string Name, TaskKind Kind, IReadOnlyList<string> Labels, bool Pairs, IReadOnlyList<string> Metrics, ScoreRange? Range)
{
    /// <summary>What a text begins with for a model that was trained to be told what to do (<c>summarize: </c>); nothing where it needs none.</summary>
    public string Prefix { get; init; } = "";
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
