using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>A row as token ids: one sequence, or two sequences if the head encodes the sentences of a pair separately.</summary>
/// <param name="First">The sequence, or the first sentence.</param>
/// <param name="Second">The second sentence if it is encoded separately, or null.</param>
/// <param name="Label">The class index or value.</param>
public sealed record EncodedExample(Encoding First, Encoding? Second, double Label)
{
    /// <summary>The token ids of the target text, or null if there is none.</summary>
    public int[]? Target { get; init; }

    /// <summary>The complete target text of a text-to-text task, or null.</summary>
    public string? Reference { get; init; }

    /// <summary>The number of tokens of the row.</summary>
    public int Length => First.Ids.Length + (Second?.Ids.Length ?? 0) + (Target?.Length ?? 0);
}
