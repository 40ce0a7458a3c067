using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Glue;

namespace Spindle.Benchmarks.Recording.Recording;

/// <summary>Tasks of GLUE with fixed rows for every recorded trial: some of the training rows train, others select, and development rows report. A task with too few development rows reports on further
/// training rows too.</summary>
internal sealed class RecordedTasks : ITaskFamily
{
    /// <summary>The rows that train at most.</summary>
    public const int Training = 512;

    /// <summary>The rows that select.</summary>
    public const int Selection = 200;

    /// <summary>The rows that report.</summary>
    public const int Report = 400;

    /// <summary>The seed that draws all of them.</summary>
    public const int Seed = 16;

    private readonly ITaskFamily glue = new GlueTaskFamily();

    /// <inheritdoc/>
    public IReadOnlyList<TaskDefinition> Tasks => glue.Tasks;

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder)
    {
        var whole = glue.Load(name, dataFolder);
        Example[] rows = [.. whole.Train.Labelled];
        new Random(Seed).Shuffle(rows);
        var development = RowSample.Draw(whole.Validation[0].Labelled, Report, Seed);
        var missing = Report - development.Count;
        if (rows.Length < Training + Selection + missing)
            throw new InvalidDataException($"task '{name}' has {rows.Length} training rows, and the recording needs {Training + Selection + missing}; give the whole of GLUE");
        return new(whole.Task, Split("train", rows[..Training]), [Split("report", [.. development, .. rows[^missing..]])]) { Selection = Split("selection", rows[Training..(Training + Selection)]) };
    }

    private static TaskSplit Split(string name, IReadOnlyList<Example> rows) => new(name, rows, []);
}
