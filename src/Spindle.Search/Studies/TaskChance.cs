namespace Spindle.Search.Studies;

/// <summary>A task of a study, and the score of guessing on it.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Chance">The score in points of the best guess that ignores the text: the majority class for accuracy, 0 for correlations.</param>
public sealed record TaskChance(string Name, double Chance)
{
    /// <summary>The number of rows that train where others select; 0 where it is not known.</summary>
    public int TrainingRows { get; init; }

    /// <summary>The number of all training rows, those that select included.</summary>
    public int AllRows { get; init; }
}
