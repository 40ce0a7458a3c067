namespace Spindle.Data.Readers;

/// <summary>What is wrong with a row.</summary>
/// <param name="Kind">The kind, by which faults are counted.</param>
/// <param name="Reason">What exactly, in a few words.</param>
public sealed record RowFault(RowFaultKind Kind, string Reason)
{
    /// <summary>Bytes that are not UTF-8.</summary>
    public static RowFault Encoding { get; } = new(RowFaultKind.Encoding, "is not UTF-8 text");

    /// <summary>What to do where a file is not UTF-8.</summary>
    public const string EncodingRemedy = "save the file as UTF-8 (Latin-1, as Excel writes it, is not read)";

    /// <summary>An escape such as <c>\ud800</c> in a text, without the other half of its character.</summary>
    public static RowFault HalfSurrogate { get; } = new(RowFaultKind.Encoding, "holds half a surrogate pair");

    /// <summary>The same in the name of a field.</summary>
    public static RowFault HalfSurrogateInName { get; } = new(RowFaultKind.Encoding, "holds half a surrogate pair in the name of a field");

    /// <summary>A wrong number of columns.</summary>
    /// <param name="found">The columns of the row.</param>
    /// <param name="expected">The columns that it should have.</param>
    public static RowFault Columns(int found, int expected) => new(RowFaultKind.Columns, $"{found} columns, not {expected}");

    /// <summary>More columns than any table has.</summary>
    /// <param name="found">The columns of the row.</param>
    public static RowFault TooManyColumns(int found) => new(RowFaultKind.Columns, $"has {found} columns, and {Table.MostColumns} is the most");
}

/// <summary>The kinds of faults of rows.</summary>
public enum RowFaultKind
{
    /// <summary>The row cannot be taken apart: broken quotes, no JSON.</summary>
    Malformed,

    /// <summary>The row has too few or too many columns, or lacks one that is needed.</summary>
    Columns,

    /// <summary>The row holds bytes that are not UTF-8.</summary>
    Encoding,

    /// <summary>A text that must be there is empty.</summary>
    EmptyText,

    /// <summary>The label is not one of the task's, or is outside its range.</summary>
    UnknownLabel,

    /// <summary>The row is also in the validation rows.</summary>
    Duplicate,
}
