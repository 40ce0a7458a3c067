using Spindle.Training.Batches;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Benchmarks.Training;

/// <summary>What a comparison measures: real rows of GLUE, padded as in training, and random rows of one length.</summary>
/// <param name="Backbone">The embedded backbone, or one of the fixtures' <c>sizes.json</c>, with random weights.</param>
/// <param name="Name">Its name: a task, or <c>random</c>.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Length">Tokens of a random row; 0 for a task.</param>
internal sealed record Case(string Backbone, string Name, int Batch, int Length)
{
    /// <summary>The embedded backbone.</summary>
    public const string Embedded = "minilm-l6";

    private const int Steps = 24;

    // of the larger backbones
    private const int FewSteps = 4;

    /// <summary>Every case.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        .. from task in (string[])["sst2", "mrpc", "rte"] from batch in (int[])[8, 16] select new Case(Embedded, task, batch, 0),
        .. from backbone in (string[])[Embedded, "roberta-base", "bart-base", "t5-base"] from shape in ((int Batch, int Length)[])[(32, 32), (16, 128)] select new Case(backbone, "random", shape.Batch, shape.Length),
    ];

    /// <summary>The case that <see cref="ToString"/> wrote.</summary>
    public static Case Parse(string text) => All.First(one => one.ToString() == text);

    /// <summary>The rows: enough for some steps.</summary>
    /// <param name="data">The folder of GLUE's tasks.</param>
    /// <param name="end">The token that ends a row of random ones, or null.</param>
    public EncodedTask Rows(string data, int? end)
    {
        if (Length > 0) return Throughput.Rows(Batch * (Backbone == Embedded ? Steps / 4 : FewSteps), Length, end);
        using var tuner = new FineTuner(new(Embedded) { Data = data, Settings = new TrainingSettings { TrainLimit = Batch * Steps, ValidationLimit = 2 } });
        return tuner.Task(Name);
    }

    /// <inheritdoc/>
    public override string ToString() => Length > 0 ? $"{Backbone} {Batch} x {Length}" : $"{Name}, batch {Batch}";
}
