using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Models.Heads;
using Spindle.Training.Batches;
using Spindle.Training.Settings;

namespace Spindle.Training.Tasks;

/// <summary>Tasks by name, each read, drawn from and encoded once.</summary>
/// <param name="catalogue">Where tasks are found by name.</param>
/// <param name="data">The folder of the tasks' data, or null.</param>
/// <param name="settings">How many rows are drawn.</param>
/// <param name="encoder">What turns a task's rows into token ids.</param>
/// <param name="seed">The seed that draws rows. Trainings with the same seed see the same rows.</param>
internal sealed class TaskLibrary(TaskCatalogue catalogue, string? data, TrainingSettings settings, Func<TaskDefinition, IExampleEncoder> encoder, int seed)
{
    private readonly Dictionary<string, EncodedTask> encoded = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, int TrainingRows), HeadValues> starts = [];

    /// <summary>The rows of a task; rows without a label are left out.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="trainingRows">How many of the drawn training rows are taken, or null for all of them.</param>
    /// <exception cref="InvalidDataException">There is no such task, or its files cannot be read.</exception>
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
        var encode = encoder(rows.Task);
        return new(
            rows.Task,
            Draw(rows.Train, settings.TrainLimit, encode),
            [.. rows.Validation.Select(split => (split.Name, (IReadOnlyList<EncodedExample>)Draw(split, settings.ValidationLimit, encode)))])
        {
            Warnings = rows.Warnings,
        };
    }

    private EncodedRows Draw(TaskSplit split, int? limit, IExampleEncoder encode)
    {
        var labelled = split.Labelled;
        return new(limit is { } rows ? RowSample.Draw(labelled, rows, seed) : labelled, encode);
    }
}
