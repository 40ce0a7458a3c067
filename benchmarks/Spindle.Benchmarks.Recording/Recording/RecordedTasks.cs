using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Glue;

namespace Spindle.Benchmarks.Recording.Recording;

/// <summary>Tasks of GLUE with fixed rows for every recorded trial: some of the training rows train, and development rows are scored. Of a task with too few development rows, further training rows are
/// scored too.</summary>
internal sealed class RecordedTasks : ITaskFamily
{
    /// <summary>The rows that train at most.</summary>
    public const int Training = 512;

    /// <summary>The rows that are scored: a replayed search draws those that select from them, and the others report.</summary>
    public const int Scored = 500;

    /// <summary>The words that a row has at most: long rows would cost most of the time.</summary>
    public const int Words = 32;

    /// <summary>The seed that draws all of them.</summary>
    public const int Seed = 16;

    private readonly ITaskFamily glue = new GlueTaskFamily();

    /// <inheritdoc/>
    public IReadOnlyList<TaskDefinition> Tasks => glue.Tasks;

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder)
    {
        var whole = glue.Load(name, dataFolder);
        Example[] rows = [.. whole.Train.Labelled.Where(IsShort)];
        new Random(Seed).Shuffle(rows);
        var development = RowSample.Draw([.. whole.Validation[0].Labelled.Where(IsShort)], Scored, Seed);
        var missing = Scored - development.Count;
        if (rows.Length < Training + missing)
            throw new InvalidDataException($"task '{name}' has {rows.Length} training rows, and the recording needs {Training + missing}; give the whole of GLUE");
        return new(whole.Task, new("train", rows[..Training], []), [new("scored", [.. development, .. rows[^missing..]], [])]);
    }

    private static bool IsShort(Example row) => Count(row.First) + Count(row.Second) <= Words;

    private static int Count(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length ?? 0;
}
