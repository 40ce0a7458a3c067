using Spindle.Training.Batches;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Benchmarks.Training;

/// <summary>What a comparison measures: real rows of GLUE, padded as in training, and random rows of one length.</summary>
/// <param name="Name">Its name: a task, or <c>random</c>.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Length">Tokens of a random row; 0 for a task.</param>
internal sealed record Case(string Name, int Batch, int Length)
{
    private const int Steps = 24;

    /// <summary>Every case.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        .. from task in (string[])["sst2", "mrpc", "rte"] from batch in (int[])[8, 16] select new Case(task, batch, 0),
        new("random", 32, 32),
        new("random", 16, 128),
    ];

    /// <summary>The case that <see cref="ToString"/> wrote.</summary>
    public static Case Parse(string text) => All.First(one => one.ToString() == text);

    /// <summary>The rows: enough for some steps.</summary>
    /// <param name="data">The folder of GLUE's tasks.</param>
    public EncodedTask Rows(string data)
    {
        if (Length > 0) return Throughput.Rows(Batch * Steps / 4, Length);
        using var tuner = new FineTuner(new("minilm-l6") { Data = data, Settings = new TrainingSettings { TrainLimit = Batch * Steps, ValidationLimit = 2 } });
        return tuner.Task(Name);
    }

    /// <inheritdoc/>
    public override string ToString() => Length > 0 ? $"{Batch} x {Length}" : $"{Name}, batch {Batch}";
}
