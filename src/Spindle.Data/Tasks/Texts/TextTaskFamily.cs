using Spindle.Data.Readers;
using Spindle.Data.Tasks.Rows;
using Spindle.Hub;

namespace Spindle.Data.Tasks.Texts;

/// <summary>XSum (Narayan et al. 2018) and WMT16's English and Romanian (Bojar et al. 2016), each way, as the Hub has them: JSON lines or Parquet with its
/// columns. The prefixes are those of T5 (Raffel et al. 2020, appendix D); from Romanian, which T5 was not trained on, is worded alike.</summary>
public sealed class TextTaskFamily : ITaskFamily
{
    private const double LargestBadShare = 0.1;

    private static readonly string[] Validation = ["validation", "dev", "val"];

    private static readonly string[] Wmt = ["wmt16-ro-en", "wmt16/ro-en", "wmt16", "ro-en"];

    private static readonly TextTask[] All =
    [
        new(Writing("xsum", "summarize: ", "rouge1", "rouge2", "rougeL") with { Reported = ["rougeLsum"] }, ["xsum"], "document", "summary", "xsum"),
        new(Writing("wmt16/en-ro", "translate English to Romanian: ", "bleu") with { Reported = ["bleu-romanian", "chrf"] }, Wmt, "translation.en", "translation.ro", "wmt16/ro-en"),
        new(Writing("wmt16/ro-en", "translate Romanian to English: ", "bleu") with { Reported = ["chrf"] }, Wmt, "translation.ro", "translation.en", "wmt16/ro-en"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TaskDefinition> Tasks { get; } = [.. All.Select(task => task.Definition)];

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder)
    {
        var task = Find(name);
        var folder = Locate(task, dataFolder);
        var duplicates = new DuplicateDetector();
        var validation = Read(task, folder, "validation", Validation, duplicates);
        return TaskAssembly.Assemble(task.Definition, Read(task, folder, "train", ["train"], duplicates), [validation]);
    }

    /// <inheritdoc/>
    public string? PlaceOf(string name, string? dataFolder, ulong digest)
    {
        var task = Find(name);
        var folder = Locate(task, dataFolder);
        return ((string[][])[["train"], Validation]).Select(names => SplitFiles.Find(folder, names)).OfType<IReadOnlyList<string>>()
            .Select(files => ReaderOf(task).PlaceOf(TableOf(task, files), LayoutOf(task), digest)).FirstOrDefault(place => place is not null);
    }

    /// <summary>Reads the rows on which results are published: for WMT16 newstest2016, where the folder holds all of it.</summary>
    /// <param name="name">One of the tasks.</param>
    /// <param name="dataFolder">The folder of the data.</param>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing.</exception>
    /// <exception cref="FileNotFoundException">It holds no such rows.</exception>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    public TaskSplit? LoadTest(string name, string? dataFolder) => Read(Find(name), Locate(Find(name), dataFolder), "test", ["test"], null).Split;

    private static TextTask Find(string name) => All.First(task => task.Definition.Name == name);

    private static string Locate(TextTask task, string? dataFolder) => dataFolder is null
        ? throw new NotDownloadedException($"task '{task.Definition.Name}' is read from files: name the folder that holds {task.Folders[0]}/ under 'data', or download the task",
            HubContent.DataSet, task.Download)
        // a data set of one configuration has no separate folder
        : Directory.Exists(dataFolder) && SplitFiles.Find(dataFolder, ["train"]) is not null ? dataFolder
        : TaskFolders.Locate(task.Definition.Name, task.Folders, dataFolder, "train.jsonl or train-*.parquet");

    private static SplitReader.Result Read(TextTask task, string folder, string split, string[] names, DuplicateDetector? duplicates)
    {
        var files = SplitFiles.Find(folder, names)
            ?? throw new FileNotFoundException($"{Path.Combine(folder, names[0])}.jsonl: there is no such file, nor {names[0]}-*.parquet", Path.Combine(folder, names[0]));
        return ReaderOf(task).Read(split, TableOf(task, files), LayoutOf(task), duplicates, isTraining: split == "train");
    }

    private static Table TableOf(TextTask task, IReadOnlyList<string> files)
    {
        var table = Table.Open(files);
        if (table.Columns.Count == 0) throw table.Missing(task.Source);
        foreach (var column in (string[])[task.Source, task.Target]) _ = table.Column(column);
        return table;
    }

    private static SplitReader ReaderOf(TextTask task) =>
        new(task.Definition, new(LargestBadShare, $"is this the {task.Definition.Name} file that the Hub hands out?", DropsDuplicates: false), _ => null);

    private static RowLayout LayoutOf(TextTask task) => new(task.Source, null, task.Target);

    private static TaskDefinition Writing(string name, string prefix, params string[] metrics) => new(name, TaskKind.TextToText, [], Pairs: false, metrics, null) { Prefix = prefix };
}
