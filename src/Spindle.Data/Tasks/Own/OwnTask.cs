using Spindle.Data.Readers;

namespace Spindle.Data.Tasks.Own;

/// <summary>A user's own task as a study describes it; what is left out is inferred from the files.</summary>
/// <param name="Name">The task's name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c></param>
/// <param name="Train">The training file or files; a file's name may hold <c>*</c>.</param>
public sealed record OwnTask(string Name, IReadOnlyList<string> Train)
{
    /// <summary>The validation file or files; empty where a share of the training rows is taken.</summary>
    public IReadOnlyList<string> Validation { get; init; } = [];

    /// <summary>The share of the training rows that validates where no file does, above 0 and below 1. A digest of a row's texts decides,
    /// so that equal rows are on one side.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>The file or files whose rows select designs, learning rates and seeds; empty where a share of the training rows or the validation rows do.</summary>
    public IReadOnlyList<string> Selection { get; init; } = [];

    /// <summary>The seed that decides which rows those are.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>The test file or files, to be labelled or, where they have labels, to score a model on.</summary>
    public IReadOnlyList<string> Test { get; init; } = [];

    /// <summary>The columns by name, or by one-based position where there is no header.</summary>
    public OwnColumns Columns { get; init; } = new();

    /// <summary>What the task asks for, or null to infer it from the files.</summary>
    public OwnTaskKind? Kind { get; init; }

    /// <summary>The metrics; empty for those that the kind usually has.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The label that metric <c>f1</c> is computed of, or null for the rarer one.</summary>
    public string? Positive { get; init; }

    /// <summary>The weight of each label in the loss, or null where all count the same.</summary>
    public OwnClassWeights? ClassWeights { get; init; }

    /// <summary>The labels, each as the files write it and by its name, in the order of the classes; empty to infer them from the files.</summary>
    public IReadOnlyList<OwnLabel> Labels { get; init; } = [];

    /// <summary>The range of a regression's values, or null to infer it from the files.</summary>
    public ScoreRange? Range { get; init; }

    /// <summary>What becomes of rows that cannot be used.</summary>
    public OnBadRow OnBadRow { get; init; }

    /// <summary>Whether the first row of a CSV or TSV file names the columns.</summary>
    public bool Header { get; init; } = true;

    /// <summary>The format of the files, or null to infer it from their extensions.</summary>
    public TableFormat? Format { get; init; }

    /// <summary>What a text-to-text task puts before each source for a backbone that was pretrained with such prefixes.</summary>
    public string Prefix { get; init; } = "";
}

/// <summary>The columns of a row; null to infer them from the file.</summary>
/// <param name="First">The text, the first of a pair, or the source.</param>
/// <param name="Second">The second text of a pair.</param>
/// <param name="Label">The label or value.</param>
/// <param name="Target">The text to be written, in place of a label.</param>
public sealed record OwnColumns(string? First = null, string? Second = null, string? Label = null, string? Target = null);

/// <summary>A label.</summary>
/// <param name="Written">As the files write it.</param>
/// <param name="Name">Its name.</param>
public sealed record OwnLabel(string Written, string Name);

/// <summary>How much each label counts in the loss.</summary>
/// <param name="ByLabel">The weight of labels by name, above 0; a label that is not listed has 1. Null for weights in inverse proportion to the labels' frequency in the training rows.</param>
public sealed record OwnClassWeights(IReadOnlyDictionary<string, double>? ByLabel);

/// <summary>What a user's own task asks for.</summary>
public enum OwnTaskKind
{
    /// <summary>One of its labels, of a text.</summary>
    Classification,

    /// <summary>One of its labels, of two texts.</summary>
    Pair,

    /// <summary>A value, of one text or two.</summary>
    Regression,

    /// <summary>A text made from another.</summary>
    TextToText,
}

/// <summary>What becomes of rows that cannot be used.</summary>
public enum OnBadRow
{
    /// <summary>The task is refused, and the first such rows are named.</summary>
    Error,

    /// <summary>They are left out and counted.</summary>
    Skip,
}
