namespace Spindle.Data.Readers;

/// <summary>One row of a delimited text file.</summary>
/// <param name="Line">The one-based line on which it begins.</param>
/// <param name="Fields">The fields; U+FFFD in place of bytes that are not UTF-8.</param>
/// <param name="Fault">What is wrong with the row, or null.</param>
public sealed record TextRow(int Line, IReadOnlyList<string> Fields, RowFault? Fault = null);
