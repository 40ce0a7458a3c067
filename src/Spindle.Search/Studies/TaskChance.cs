namespace Spindle.Search.Studies;

/// <summary>A task of a study, and the score of guessing on it.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Chance">The score in points of the best guess that ignores the text: the majority class for accuracy, 0 for correlations.</param>
public sealed record TaskChance(string Name, double Chance)
{
    /// <summary>The label that metric F1 is computed of; null where the task has no such metric, and in older stores.</summary>
    public string? PositiveLabel { get; init; }
}
