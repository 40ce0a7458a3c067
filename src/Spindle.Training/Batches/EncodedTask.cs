using Spindle.Data.Tasks;

namespace Spindle.Training.Batches;

/// <summary>A task's rows as token ids, ready to train on.</summary>
/// <param name="Task">The task.</param>
/// <param name="Train">The training rows.</param>
/// <param name="Validation">The validation splits by name.</param>
public sealed record EncodedTask(
    TaskDefinition Task,
    IReadOnlyList<EncodedExample> Train,
    IReadOnlyList<(string Name, IReadOnlyList<EncodedExample> Rows)> Validation)
{
    /// <summary>The rows that select designs, learning rates and seeds, taken from the training rows; empty where the validation rows select.</summary>
    public IReadOnlyList<EncodedExample> Selection { get; init; } = [];

    /// <summary>The labelled test rows of a user's own task, which select nothing; empty where there are none.</summary>
    public IReadOnlyList<EncodedExample> Test { get; init; } = [];

    /// <summary>The splits whose score selects: the selection rows, or the validation splits where there are none.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<EncodedExample> Rows)> Selecting => Selection.Count > 0 ? [("selection", Selection)] : Validation;

    /// <summary>How many of the training rows are cut because they are longer than the model reads.</summary>
    public CutRows? Cut { get; init; }

    /// <summary>The parts of the rows (training, each validation split), each with a digest of every row in order. Other rows have other digests.</summary>
    public IReadOnlyList<(string Part, IReadOnlyList<ulong> Digests)> Digests { get; init; } = [];

    /// <summary>Warnings to read before trusting a score, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
