using Spindle.Data.Readers;
using Spindle.Data.Tasks.Rows;

namespace Spindle.Data.Tasks;

/// <summary>One row: a sentence or a pair, and what is to be predicted for it.</summary>
/// <param name="First">The sentence, the first of a pair, or the source of a text to be made.</param>
/// <param name="Second">The second of a pair, or null.</param>
/// <param name="Label">The class index or value; NaN where the row has no label, or a text is to be written.</param>
public sealed record Example(string First, string? Second, double Label)
{
    /// <summary>The text that is to be written; null where there is none, or something else is asked for.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the row says what is to be predicted for it.</summary>
    public bool IsLabelled => Target is not null || !double.IsNaN(Label);
}

/// <summary>A row that could not be read.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The one-based line; in Parquet the one-based row.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SkippedRow(string File, int Line, string Reason);

/// <summary>One part of a task's rows.</summary>
/// <param name="Name">The part's name (<c>train</c>, <c>validation</c>, <c>matched</c>).</param>
/// <param name="Examples">The rows; where they are many they stay on the disk and each access reads one, enumeration in order being cheapest.</param>
/// <param name="Skipped">The first rows that could not be read.</param>
public sealed record TaskSplit(string Name, IReadOnlyList<Example> Examples, IReadOnlyList<SkippedRow> Skipped)
{
    /// <summary>The rows left out, by what is wrong with them.</summary>
    public IReadOnlyDictionary<RowFaultKind, int> Faults { get; init; } = new Dictionary<RowFaultKind, int>();

    /// <summary>The rows that could not be read, of which <see cref="Skipped"/> names the first.</summary>
    public int SkippedCount => Math.Max(Skipped.Count, Faults.Values.Sum());

    /// <summary>The rows that say what is to be predicted for them.</summary>
    public IReadOnlyList<Example> Labelled => RowSubset<Example>.Where(Examples, example => example.IsLabelled);
}

/// <summary>A task with its rows.</summary>
/// <param name="Task">The task.</param>
/// <param name="Train">The training rows.</param>
/// <param name="Validation">The validation rows: one part, or two for MNLI.</param>
public sealed record TaskData(TaskDefinition Task, TaskSplit Train, IReadOnlyList<TaskSplit> Validation)
{
    /// <summary>The rows that select designs, learning rates and seeds, where files hold them; null where a share of the training rows or the validation rows do.</summary>
    public TaskSplit? Selection { get; init; }

    /// <summary>The test rows that a user's own task names, where they have labels; null where there are none. They select nothing.</summary>
    public TaskSplit? Test { get; init; }

    /// <summary>What a user should know before trusting a score: one line each, with file and line where there is one.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was inferred from the files because the task's description left it out, one line each.</summary>
    public IReadOnlyList<string> Inferred { get; init; } = [];
}
