namespace Spindle.Data.Tasks;

/// <summary>The columns that hold a task's texts in files of its rows.</summary>
/// <param name="First">The text, the first of a pair, or the source.</param>
/// <param name="Second">The second text of a pair, or null.</param>
public sealed record TextColumns(string First, string? Second = null)
{
    /// <summary>Whether the first row of a CSV or TSV file names the columns; otherwise they are named by one-based position.</summary>
    public bool HasHeader { get; init; } = true;
}
