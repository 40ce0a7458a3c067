using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Search.Studies;
using Spindle.Training.Batches;

namespace Spindle.Training.Trials;

/// <summary>A study's tasks, each read and drawn from once.</summary>
/// <param name="catalogue">Where tasks are found by name.</param>
/// <param name="data">The folder of the tasks' data, or null.</param>
/// <param name="settings">How many rows are drawn.</param>
/// <param name="encoder">What turns a task's rows into token ids.</param>
/// <param name="seed">The seed that draws rows: the study's, so that every trial of a study sees the same rows.</param>
public sealed class TaskLibrary(TaskCatalogue catalogue, string? data, TrainingSettings settings, Func<TaskDefinition, IExampleEncoder> encoder, int seed)
{
    private readonly Dictionary<string, EncodedTask> encoded = new(StringComparer.Ordinal);

    /// <summary>The rows of a task; unlabelled ones are left out.</summary>
    /// <param name="name">The task's name.</param>
    /// <exception cref="InvalidDataException">There is no such task, or its files cannot be read.</exception>
    public EncodedTask Get(string name)
    {
        if (encoded.TryGetValue(name, out var task)) return task;
        var rows = catalogue.Load(name, data);
        var encode = encoder(rows.Task);
        return encoded[name] = new(
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
