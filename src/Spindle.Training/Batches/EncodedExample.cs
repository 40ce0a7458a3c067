using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>A row as token ids: one sequence, or the two sentences of a pair apart where the head wants them so.</summary>
/// <param name="First">The sequence, or the first sentence.</param>
/// <param name="Second">The second sentence where it is a sequence of its own.</param>
/// <param name="Label">The class index or value.</param>
public sealed record EncodedExample(Encoding First, Encoding? Second, double Label)
{
    /// <summary>The token ids of what is to be written, or null where nothing is.</summary>
    public int[]? Target { get; init; }

    /// <summary>The text that is to be written, uncut, where a text is asked for.</summary>
    public string? Reference { get; init; }

    /// <summary>Tokens of the row: what it costs.</summary>
    public int Length => First.Ids.Length + (Second?.Ids.Length ?? 0) + (Target?.Length ?? 0);
}
