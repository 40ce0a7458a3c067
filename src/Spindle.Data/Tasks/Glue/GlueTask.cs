namespace Spindle.Data.Tasks.Glue;

/// <summary>One task of GLUE (Wang et al. 2019) in the forms in which it is held: GLUE's own TSV files, and JSON lines or Parquet with the Hub's columns.</summary>
/// <param name="Definition">The task; its labels are in the order of the Hub's numbers.</param>
/// <param name="Folders">The names under which its folder is known, the usual one first.</param>
/// <param name="Columns">Where a row's fields are.</param>
internal sealed record GlueTask(TaskDefinition Definition, IReadOnlyList<string> Folders, GlueColumns Columns)
{
    /// <summary>The validation parts, each with the names of its files; the first must be there.</summary>
    public IReadOnlyList<(string Split, string[] Names)> Validation { get; init; } = [("validation", ["dev", "validation"])];

    /// <summary>The unlabelled parts, by the files of a submission to the benchmark's site.</summary>
    public required IReadOnlyList<GlueTest> Tests { get; init; }

    /// <summary>A label's other spellings, and the index of its class.</summary>
    public IReadOnlyDictionary<string, int> Spellings { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether GLUE's own files, too, write the number of a label; the Hub's always may.</summary>
    public bool NumbersInTsv { get; init; }

    /// <summary>A field that only a header has, where some of the task's TSV files have none.</summary>
    public string? HeaderMark { get; init; }
}

/// <summary>The columns of a row by their names in the different forms; a position where a TSV file has no header.</summary>
/// <param name="First">The first sentence.</param>
/// <param name="Second">The second, or null.</param>
/// <param name="Label">The label.</param>
internal sealed record GlueColumns(string[] First, string[]? Second, string[] Label);

/// <summary>An unlabelled part.</summary>
/// <param name="Submission">The name of its file in a submission, without ending.</param>
/// <param name="Folders">The folders that may hold it where it is not the task's own; empty for the task's own.</param>
/// <param name="Names">The names of its files, without ending.</param>
internal sealed record GlueTest(string Submission, string[] Folders, string[] Names);
