using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Models.Heads;
using Spindle.Training.Batches;
using Spindle.Training.Settings;

namespace Spindle.Training.Tasks;

/// <summary>Tasks by name. Each is read, sampled and encoded once.</summary>
/// <param name="catalogue">The tasks by name.</param>
/// <param name="data">The folder of the tasks' data, or null.</param>
/// <param name="settings">The training settings, which limit the rows.</param>
/// <param name="encoder">Returns the encoder of a task's rows.</param>
/// <param name="maxLength">The longest sequence in tokens, for warnings.</param>
/// <param name="seed">The seed that samples rows. Training runs with the same seed use the same rows.</param>
internal sealed class TaskLibrary(TaskCatalogue catalogue, string? data, TrainingSettings settings, Func<TaskDefinition, IExampleEncoder> encoder, int maxLength, int seed)
{
    private const string TestPart = "test";

    // far apart, so that neighbouring seeds of studies do not share splits
    private const int SplitStride = 1_000_003;

    private readonly Dictionary<string, TaskRows> read = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, int Split), EncodedTask> splits = [];
    private readonly Dictionary<(string Name, int TrainingRows, int Split, bool UsesAllRows), HeadValues> starts = [];

    /// <summary>Loads the rows of a task. Rows without a label are left out.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="trainingRows">The number of sampled training rows to use, or null for all of them.</param>
    /// <param name="split">The zero-based selection split.</param>
    /// <param name="usesAllRows">Whether the selection rows train too, so that none select.</param>
    /// <exception cref="InvalidDataException">The task does not exist, or its files cannot be read.</exception>
    public EncodedTask Get(string name, int? trainingRows = null, int split = 0, bool usesAllRows = false)
    {
        if (!read.TryGetValue(name, out var rows)) read[name] = rows = Read(name);
        var task = usesAllRows ? rows.Whole : Split(name, rows, split);
        return trainingRows is not { } limit || limit >= task.Train.Count
            ? task
            : task with { Train = RowSample.Draw(task.Train, limit, seed) };
    }

    /// <summary>Where a row of a task is, as <c>file:line</c>, or null where that is not known.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="digest">The row's digest.</param>
    public string? PlaceOf(string name, ulong digest) => catalogue.PlaceOf(name, data, digest);

    /// <summary>The values that a task's head starts from, solved once for the same training rows.</summary>
    /// <param name="rows">The task's name, and which training rows they are solved on.</param>
    /// <param name="solve">Solves them.</param>
    public HeadValues HeadStart((string Name, int TrainingRows, int Split, bool UsesAllRows) rows, Func<HeadValues> solve)
    {
        if (!starts.TryGetValue(rows, out var start)) starts[rows] = start = solve();
        return start;
    }

    private EncodedTask Split(string name, TaskRows rows, int split)
    {
        if (settings.Selection == 0 && rows.Selecting == 0) return rows.Whole;
        if (splits.TryGetValue((name, split), out var known)) return known;
        if (rows.Selecting > 0)
        {
            int[] all = [.. Enumerable.Range(0, rows.Whole.Train.Count)];
            return splits[(name, split)] = rows.Whole with { Train = new SelectedRows(rows.Whole.Train, all[..^rows.Selecting]), Selection = new SelectedRows(rows.Whole.Train, all[^rows.Selecting..]) };
        }
        // the first split has the seed itself, so that it stays the same whatever their number
        var parts = SelectionSplit.Of(rows.Labels, rows.Whole.Task.Kind, settings.Selection, unchecked(seed + split * SplitStride) & int.MaxValue);
        var train = rows.Whole.Train;
        return splits[(name, split)] = rows.Whole with
        {
            Train = new SelectedRows(train, parts.Training),
            Selection = new SelectedRows(train, parts.Selection),
        };
    }

    private TaskRows Read(string name)
    {
        var rows = catalogue.Load(name, data);
        if (rows.Selection is not null && settings.Selection > 0)
            throw new InvalidDataException($"task '{name}' names a file of selection rows, but 'selection' under 'training' takes a share of the training rows too; write 'selection: 0' there, or leave the file out");
        var encode = encoder(rows.Task);
        var train = Drawn(rows.Train, settings.TrainLimit);
        if (rows.Selection is { } selecting) train = [.. train, .. selecting.Labelled];
        var encoded = new EncodedRows(train, encode);
        (string Name, IReadOnlyList<Example> Rows)[] validation = [.. rows.Validation.Select(split => (split.Name, Drawn(split, settings.ValidationLimit)))];
        var test = rows.Test?.Labelled;
        var cut = new CutRows(encoded.Cut, encoded.Examined, maxLength);
        return new([.. train.Select(row => row.Label)], new(
            rows.Task,
            encoded,
            [.. validation.Select(split => (split.Name, (IReadOnlyList<EncodedExample>)new EncodedRows(split.Rows, encode)))])
        {
            Warnings = cut.IsMany ? [.. rows.Warnings, $"{name}: {cut}; raise 'max-length' or shorten the texts"] : rows.Warnings,
            Cut = cut,
            Test = test is null ? [] : new EncodedRows(test, encode),
            Digests = [("training", Digests(train)), .. validation.Select(split => (split.Name, Digests(split.Rows))), .. test is null ? [] : ((string, IReadOnlyList<ulong>)[])[(TestPart, Digests(test))]],
        })
        {
            Selecting = rows.Selection?.Labelled.Count ?? 0,
        };
    }

    private static ulong[] Digests(IReadOnlyList<Example> rows) => [.. rows.Select(RowDigest.Compute)];

    private IReadOnlyList<Example> Drawn(TaskSplit split, int? limit) => limit is { } rows ? RowSample.Draw(split.Labelled, rows, seed) : split.Labelled;

    // all training rows, before any selects
    private sealed record TaskRows(IReadOnlyList<double> Labels, EncodedTask Whole)
    {
        /// <summary>The number of rows at the end that come from a file of selection rows.</summary>
        public int Selecting { get; init; }
    }
}
