using System.Text.Json.Serialization;

namespace Spindle.Search.Studies;

/// <summary>A task of a study, and the score of guessing on it.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Chance">The score in points of the best guess that ignores the text: the majority class for accuracy, 0 for correlations.</param>
public sealed record TaskChance(string Name, double Chance)
{
    // stores that name no head are older than this one
    private const string YoungestHead = "pair-classifier";
    private const string HeadBeforeThat = "sentence-encoder";

    /// <summary>The lowest possible score in points; null where there is none, and in older stores. The highest is 100.</summary>
    public double? LowestScore { get; init; }

    /// <summary>The label that metric F1 is computed of; null where the task has no such metric, and in older stores.</summary>
    public string? PositiveLabel { get; init; }

    /// <summary>How many training rows are cut because they are longer than the model reads, in words; null in older stores.</summary>
    public string? Cut { get; init; }

    /// <summary>The number of training rows that are cut; null in older stores.</summary>
    public int? CutRows { get; init; }

    /// <summary>The number of training rows that were examined for <see cref="CutRows"/>; null in older stores.</summary>
    public int? ExaminedRows { get; init; }

    /// <summary>Digests of the rows; null in older stores.</summary>
    public IReadOnlyList<TaskRows>? Rows { get; init; }

    /// <summary>Where a row is, as <c>file:line</c>, from its part's name and its zero-based number, or null where that is not known; for messages, and not stored.</summary>
    [JsonIgnore]
    public Func<string, int, string?>? PlaceOf { get; init; }

    /// <summary>The mean number of tokens of a training row; 0 where it is not known. It only orders trials, and is not stored.</summary>
    [JsonIgnore]
    public double TokensPerRow { get; init; }

    /// <summary>The number of rows that train where others select; 0 where it is not known.</summary>
    public int TrainingRows { get; init; }

    /// <summary>The number of all training rows, those that select included.</summary>
    public int AllRows { get; init; }

    /// <summary>The head of its models, as study files name it; null in older stores.</summary>
    public string? Head { get; init; }

    /// <summary>The head of the same task's models in another study, where it differs; null where it is the same, or the task is not there.</summary>
    /// <param name="there">The study of the store.</param>
    public string? HeadBefore(StudyRecord there)
    {
        if (Head is null || there.Tasks.FirstOrDefault(other => other.Name == Name) is not { } other) return null;
        var before = other.Head ?? (Head == YoungestHead ? HeadBeforeThat : Head);
        return before == Head ? null : before;
    }

    /// <summary>The first difference of the rows to those of the same task in another study, in words, or null if there is none or the digests are not known.</summary>
    /// <param name="there">The other study.</param>
    public string? RowDifference(StudyRecord there)
    {
        var kept = there.Tasks.FirstOrDefault(other => other.Name == Name)?.Rows ?? [];
        return (Rows ?? [])
            .Select(part => kept.FirstOrDefault(other => other.Part == part.Part) is { } other ? part.DifferenceTo(other, row => PlaceOf?.Invoke(part.Part, row)) : null)
            .FirstOrDefault(difference => difference is not null);
    }
}
