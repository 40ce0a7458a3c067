namespace Spindle.Data.Tasks.Glue;

/// <summary>The eight tasks of GLUE (Wang et al. 2019) that the paper scores, read from the TSV folders in which GLUE is handed out.</summary>
public sealed class GlueTasks : ITaskFamily
{
    private static readonly (string, string)[] Dev = [("validation", "dev.tsv")];

    private static readonly GlueTask[] All =
    [
        new(Classification("cola", ["unacceptable", "acceptable"], pairs: false, "matthews"),
            ["CoLA"], new GlueColumns.Positions(First: 3, Label: 1, Count: 4), Dev, Numbered("unacceptable", "acceptable")),
        new(Classification("sst2", ["negative", "positive"], pairs: false, "accuracy"),
            ["SST-2"], new GlueColumns.Named("sentence", null, "label"), Dev, Numbered("negative", "positive")),
        new(Classification("mrpc", ["different", "equivalent"], pairs: true, "accuracy", "f1"),
            ["MRPC"], new GlueColumns.Named("#1 String", "#2 String", "Quality"), Dev, Numbered("different", "equivalent")),
        new(new("stsb", TaskKind.Regression, [], Pairs: true, ["pearson", "spearman"], new(0, 5)),
            ["STS-B"], new GlueColumns.Named("sentence1", "sentence2", "score"), Dev),
        new(Classification("qqp", ["different", "duplicate"], pairs: true, "accuracy", "f1"),
            ["QQP"], new GlueColumns.Named("question1", "question2", "is_duplicate"), Dev, Numbered("different", "duplicate")),
        new(Classification("mnli", ["entailment", "neutral", "contradiction"], pairs: true, "accuracy"),
            ["MNLI"], new GlueColumns.Named("sentence1", "sentence2", "gold_label"),
            [("matched", "dev_matched.tsv"), ("mismatched", "dev_mismatched.tsv")]),
        new(Classification("qnli", ["entailment", "not_entailment"], pairs: true, "accuracy"),
            ["QNLI"], new GlueColumns.Named("question", "sentence", "label"), Dev),
        new(Classification("rte", ["entailment", "not_entailment"], pairs: true, "accuracy"),
            ["RTE"], new GlueColumns.Named("sentence1", "sentence2", "label"), Dev),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TaskDefinition> Tasks { get; } = [.. All.Select(task => task.Definition)];

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder)
    {
        var task = All.First(task => task.Definition.Name == name);
        if (dataFolder is null)
            throw new DirectoryNotFoundException($"task '{name}' is read from files: name the folder that holds {task.Folders[0]}/ under 'data'");
        var folder = Locate(task, dataFolder);
        var validation = task.Validation
            .Where((split, index) => index == 0 || File.Exists(Path.Combine(folder, split.File)))
            .Select(split => GlueFile.Read(Path.Combine(folder, split.File), split.Split, task));
        return new(task.Definition, GlueFile.Read(Path.Combine(folder, "train.tsv"), "train", task), [.. validation]);
    }

    private static string Locate(GlueTask task, string dataFolder)
    {
        if (!Directory.Exists(dataFolder))
            throw new DirectoryNotFoundException($"{dataFolder}: there is no such folder; 'data' must hold {task.Folders[0]}/train.tsv");
        string[] names = [.. task.Folders, task.Definition.Name];
        return Directory.EnumerateDirectories(dataFolder)
            .Where(folder => names.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault()
            ?? throw new DirectoryNotFoundException($"{dataFolder}: holds no folder {string.Join(" or ", names)}, which task '{task.Definition.Name}' is read from");
    }

    private static TaskDefinition Classification(string name, string[] labels, bool pairs, params string[] metrics) =>
        new(name, TaskKind.Classification, labels, pairs, metrics, null);

    private static Dictionary<string, string> Numbered(params string[] labels) =>
        labels.Index().ToDictionary(label => label.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), label => label.Item);
}
