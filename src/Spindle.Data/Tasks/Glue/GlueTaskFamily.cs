using System.Globalization;
using Spindle.Data.Readers;
using Spindle.Data.Tasks.Rows;
using Spindle.Hub;

namespace Spindle.Data.Tasks.Glue;

/// <summary>The tasks of GLUE (Wang et al. 2019), the eight that the paper scores and WNLI, read from the TSV folders in which GLUE is handed out,
/// or from JSON lines or Parquet with the Hub's columns and numbers of labels.</summary>
public sealed class GlueTaskFamily : ITaskFamily
{
    private const double LargestBadShare = 0.1;

    private static readonly string[] Sentence1 = ["sentence1"];
    private static readonly string[] Sentence2 = ["sentence2"];
    private static readonly string[] Label = ["label"];
    private static readonly string[] Entailment = ["entailment", "not_entailment"];

    private static readonly GlueTask[] All =
    [
        new(Classification("cola", ["unacceptable", "acceptable"], pairs: false, "matthews"), ["CoLA"], new(["sentence", "4"], null, ["label", "2"]))
        {
            Tests = Own("CoLA"), NumbersInTsv = true, HeaderMark = "sentence",
        },
        new(Classification("sst2", ["negative", "positive"], pairs: false, "accuracy"), ["SST-2"], new(["sentence"], null, Label))
        {
            Tests = Own("SST-2"), NumbersInTsv = true,
        },
        new(Classification("mrpc", ["different", "equivalent"], pairs: true, "accuracy", "f1"), ["MRPC"],
            new(["#1 String", "sentence1"], ["#2 String", "sentence2"], ["Quality", "label"]))
        {
            Tests = Own("MRPC"), NumbersInTsv = true, Spellings = new Dictionary<string, int> { ["not_equivalent"] = 0 },
        },
        new(new("stsb", TaskKind.Regression, [], Pairs: true, ["pearson", "spearman"], new(0, 5)), ["STS-B"], new(Sentence1, Sentence2, ["score", "label"]))
        {
            Tests = Own("STS-B"),
        },
        new(Classification("qqp", ["different", "duplicate"], pairs: true, "accuracy", "f1"), ["QQP"], new(["question1"], ["question2"], ["is_duplicate", "label"]))
        {
            Tests = Own("QQP"), NumbersInTsv = true, Spellings = new Dictionary<string, int> { ["not_duplicate"] = 0 },
        },
        new(Classification("mnli", ["entailment", "neutral", "contradiction"], pairs: true, "accuracy"), ["MNLI"],
            new(["sentence1", "premise"], ["sentence2", "hypothesis"], ["gold_label", "label"]))
        {
            Validation = [("matched", ["dev_matched", "validation_matched"]), ("mismatched", ["dev_mismatched", "validation_mismatched"])],
            Tests =
            [
                new("MNLI-m", [], ["test_matched"]),
                new("MNLI-mm", [], ["test_mismatched"]),
                new("AX", ["AX", "diagnostic"], ["diagnostic", "test", "diagnostic-full"]),
            ],
        },
        new(Classification("qnli", Entailment, pairs: true, "accuracy"), ["QNLI"], new(["question"], ["sentence"], Label)) { Tests = Own("QNLI") },
        new(Classification("rte", Entailment, pairs: true, "accuracy"), ["RTE"], new(Sentence1, Sentence2, Label)) { Tests = Own("RTE") },
        new(Classification("wnli", ["not_entailment", "entailment"], pairs: true, "accuracy"), ["WNLI"], new(Sentence1, Sentence2, Label))
        {
            Tests = Own("WNLI"), NumbersInTsv = true,
        },
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TaskDefinition> Tasks { get; } = [.. All.Select(task => task.Definition)];

    /// <summary>The names of the tasks.</summary>
    internal static IEnumerable<string> Names => All.Select(task => task.Definition.Name);

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder)
    {
        var task = Find(name);
        var folder = Locate(task, task.Folders, dataFolder);
        var duplicates = new DuplicateDetector();
        var validation = task.Validation
            .Select((part, index) => (part.Split, Files: index == 0 ? Required(folder, part.Names) : SplitFiles.Find(folder, part.Names)))
            .Where(part => part.Files is not null)
            .Select(part => Read(task, part.Split, part.Files!, duplicates, isTraining: false))
            .ToArray();
        return TaskAssembly.Assemble(task.Definition, Read(task, "train", Required(folder, ["train"]), duplicates, isTraining: true), validation);
    }

    /// <inheritdoc/>
    public string? PlaceOf(string name, string? dataFolder, ulong digest)
    {
        var task = Find(name);
        var folder = Locate(task, task.Folders, dataFolder);
        return task.Validation.Select(part => SplitFiles.Find(folder, part.Names)).Prepend(SplitFiles.Find(folder, ["train"])).OfType<IReadOnlyList<string>>().Select(files =>
        {
            var (reader, table, layout) = Reader(task, files);
            return reader.PlaceOf(table, layout, digest);
        }).FirstOrDefault(place => place is not null);
    }

    /// <summary>One of the tasks.</summary>
    internal static GlueTask Find(string name) => All.First(task => task.Definition.Name == name);

    /// <summary>The folder of a task.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    internal static string Locate(GlueTask task, IReadOnlyList<string> folders, string? dataFolder)
    {
        if (dataFolder is null)
            throw new NotDownloadedException($"task '{task.Definition.Name}' is read from files: name the folder that holds {folders[0]}/ under 'data', or download the task",
                HubContent.DataSet, $"glue/{task.Definition.Name}");
        return TaskFolders.Locate(task.Definition.Name, [.. folders, task.Definition.Name], dataFolder, "train.tsv, train.jsonl or train-*.parquet");
    }

    /// <summary>Opens the files of a part.</summary>
    internal static Table Open(GlueTask task, IReadOnlyList<string> files) =>
        Table.Open(files, new() { HeaderMark = SplitFiles.AreTsv(files) ? task.HeaderMark : null, Columns = task.HeaderMark is null ? null : 4 });

    /// <summary>The columns of a table.</summary>
    /// <exception cref="InvalidDataException">One that is needed is missing.</exception>
    internal static RowLayout Layout(GlueTask task, Table table, bool labelled) => new(
        Column(table, task.Columns.First),
        task.Columns.Second is { } second ? Column(table, second) : null,
        labelled ? Column(table, task.Columns.Label) : null);

    private static SplitReader.Result Read(GlueTask task, string split, IReadOnlyList<string> files, DuplicateDetector duplicates, bool isTraining)
    {
        var (reader, table, layout) = Reader(task, files);
        return reader.Read(split, table, layout, duplicates, isTraining);
    }

    private static (SplitReader Reader, Table Table, RowLayout Layout) Reader(GlueTask task, IReadOnlyList<string> files)
    {
        var table = Open(task, files);
        // a file of one line, or of none, may end before its header
        if (table.Columns.Count == 0) throw table.Missing("sentence");
        var layout = Layout(task, table, labelled: true);
        var classes = table.Column(layout.Answer!).ClassNames;
        var policy = new BadRowPolicy(LargestBadShare, $"is this the {task.Definition.Name} file that GLUE hands out?", DropsDuplicates: false);
        return (new(task.Definition, policy, text => LabelOf(task, text, classes, task.NumbersInTsv || !SplitFiles.AreTsv(files))), table, layout);
    }

    private static string Column(Table table, string[] names) => table.Find(names) ?? throw table.Missing(names[0]);

    private static IReadOnlyList<string> Required(string folder, string[] names) => SplitFiles.Find(folder, names)
        ?? throw new FileNotFoundException($"{Path.Combine(folder, names[0])}.tsv: there is no such file, nor {names[^1]}.jsonl or {names[^1]}-*.parquet", Path.Combine(folder, names[0]));

    private static double? LabelOf(GlueTask task, string text, IReadOnlyList<string>? classes, bool numbers)
    {
        if (task.Definition.Range is { } range)
            return !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? null
                : value >= range.Minimum && value <= range.Maximum ? value
                : numbers && value == -1 ? double.NaN
                : null;
        if (numbers && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            if (number == -1) return double.NaN;
            // the file's own names count, since a copy may number the labels in another order
            if (classes is not null) return number >= 0 && number < classes.Count && Named(task, classes[number]) is { } named ? named : null;
            return number >= 0 && number < task.Definition.Labels.Count ? number : null;
        }
        return Named(task, text) is { } label ? label : null;
    }

    private static int? Named(GlueTask task, string name)
    {
        for (var index = 0; index < task.Definition.Labels.Count; index++)
            if (task.Definition.Labels[index] == name) return index;
        return task.Spellings.TryGetValue(name, out var spelled) ? spelled : null;
    }

    private static GlueTest[] Own(string submission) => [new(submission, [], ["test"])];

    private static TaskDefinition Classification(string name, string[] labels, bool pairs, params string[] metrics) =>
        new(name, TaskKind.Classification, labels, pairs, metrics, null);
}
