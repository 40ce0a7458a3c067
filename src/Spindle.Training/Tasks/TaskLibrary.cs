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
/// <param name="seed">The seed that samples rows. Training runs with the same seed use the same rows.</param>
internal sealed class TaskLibrary(TaskCatalogue catalogue, string? data, TrainingSettings settings, Func<TaskDefinition, IExampleEncoder> encoder, int seed)
{
    private readonly Dictionary<string, EncodedTask> encoded = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, int TrainingRows), HeadValues> starts = [];

    /// <summary>Loads the rows of a task. Rows without a label are left out.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="trainingRows">The number of sampled training rows to use, or null for all of them.</param>
    /// <exception cref="InvalidDataException">The task does not exist, or its files cannot be read.</exception>
    public EncodedTask Get(string name, int? trainingRows = null)
    {
        if (!encoded.TryGetValue(name, out var task)) encoded[name] = task = Read(name);
        return trainingRows is not { } rows || rows >= task.Train.Count
            ? task
            : task with { Train = RowSample.Draw(task.Train, rows, seed) };
    }

    /// <summary>The values that a task's head starts from, solved once for each number of training rows.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="trainingRows">How many training rows they are solved on.</param>
    /// <param name="solve">Solves them.</param>
    public HeadValues HeadStart(string name, int trainingRows, Func<HeadValues> solve)
    {
        if (!starts.TryGetValue((name, trainingRows), out var start)) starts[(name, trainingRows)] = start = solve();
        return start;
    }

    private EncodedTask Read(string name)
    {
        var rows = catalogue.Load(name, data);
        if (rows.Selection is not null && settings.Selection > 0)
            throw new InvalidDataException($"task '{name}' names a file of selection rows, but 'selection' under 'training' takes a share of the training rows too; write 'selection: 0' there, or leave the file out");
        var encode = encoder(rows.Task);
        var train = Drawn(rows.Train, settings.TrainLimit);
        var selection = settings.Selection > 0 ? SelectionSplit.Of([.. train.Select(row => row.Label)], rows.Task.Kind, settings.Selection, seed) : null;
        return new(
            rows.Task,
            new EncodedRows(selection is null ? train : [.. selection.Training.Select(row => train[row])], encode),
            [.. rows.Validation.Select(split => (split.Name, (IReadOnlyList<EncodedExample>)new EncodedRows(Drawn(split, settings.ValidationLimit), encode)))])
        {
            Selection = selection is not null ? new EncodedRows([.. selection.Selection.Select(row => train[row])], encode)
                : rows.Selection is { } selecting ? new EncodedRows(selecting.Labelled, encode)
                : [],
            Warnings = rows.Warnings,
        };
    }

    private IReadOnlyList<Example> Drawn(TaskSplit split, int? limit) => limit is { } rows ? RowSample.Draw(split.Labelled, rows, seed) : split.Labelled;
}
