namespace Spindle.Data.Tasks.Glue;

/// <summary>One task of GLUE (Wang et al. 2019) as its TSV files have it.</summary>
/// <param name="Definition">The task.</param>
/// <param name="Folders">The names under which its folder is known, the usual one first.</param>
/// <param name="Columns">Where a row's fields are.</param>
/// <param name="Validation">The validation files by the names of their splits; the first must be there.</param>
/// <param name="Spellings">Labels as files spell them, where that is not the task's own spelling.</param>
internal sealed record GlueTask(
    TaskDefinition Definition,
    IReadOnlyList<string> Folders,
    GlueColumns Columns,
    IReadOnlyList<(string Split, string File)> Validation,
    IReadOnlyDictionary<string, string>? Spellings = null);

/// <summary>Where the fields of a row are: by the names of a header, or by position where there is none.</summary>
internal abstract record GlueColumns
{
    private GlueColumns() { }

    /// <summary>The file has a header.</summary>
    /// <param name="First">The first sentence's column.</param>
    /// <param name="Second">The second sentence's, or null.</param>
    /// <param name="Label">The label's.</param>
    internal sealed record Named(string First, string? Second, string Label) : GlueColumns;

    /// <summary>The file has no header.</summary>
    /// <param name="First">The zero-based position of the sentence.</param>
    /// <param name="Label">That of the label.</param>
    /// <param name="Count">The number of columns.</param>
    internal sealed record Positions(int First, int Label, int Count) : GlueColumns;
}
