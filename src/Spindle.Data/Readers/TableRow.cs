namespace Spindle.Data.Readers;

/// <summary>One row of a table, of which only the columns that were asked for are read.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The one-based line on which it begins; in Parquet, which has no lines, the one-based row.</param>
/// <param name="Fields">The fields in the order in which their columns were asked for; null where a field has no value.</param>
/// <param name="Fault">What is wrong with the row, or null; with a fault its fields may be missing.</param>
public sealed record TableRow(string File, int Line, IReadOnlyList<string?> Fields, RowFault? Fault = null);

/// <summary>A column of a table.</summary>
/// <param name="Name">The name; its parts joined by a dot where it is nested; its one-based position where the file has no header.</param>
/// <param name="ClassNames">The names of the classes that its whole numbers stand for, where the file names them; null otherwise.</param>
public sealed record TableColumn(string Name, IReadOnlyList<string>? ClassNames = null);
