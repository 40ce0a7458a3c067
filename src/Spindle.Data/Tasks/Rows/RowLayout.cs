namespace Spindle.Data.Tasks.Rows;

/// <summary>Which columns a row is made of.</summary>
/// <param name="First">The sentence, the first of a pair, or the source.</param>
/// <param name="Second">The second of a pair, or null.</param>
/// <param name="Answer">The label, value or target; null where the file has none.</param>
internal sealed record RowLayout(string First, string? Second, string? Answer);
