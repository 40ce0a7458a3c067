using System.Text.Json.Serialization;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models.Tuning;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Benchmarks.Quality;

/// <summary>One training of the embedded backbone with a strategy in every layer.</summary>
/// <param name="Task">The task of GLUE.</param>
/// <param name="Seed">The seed of the drawn rows and of training.</param>
/// <param name="Side">A strategy, <c>lora-all</c> (in every linear map), <c>parallel</c> (the parallel adapter), <c>full</c>, or <c>none</c> (no training).</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="Start">How the head starts.</param>
internal sealed record OneTraining(string Task, int Seed, string Side, double Rate, int Epochs, HeadStart Start) : Measurement(Task, Seed)
{
    /// <summary>Trainings whose trained values are averaged.</summary>
    public int AveragedRuns { get; init; } = 1;

    /// <summary>The learning rate of the head, or null for that of the side.</summary>
    public double? HeadRate { get; init; }

    /// <summary>The head of labels, or null for <see cref="HeadKind.SentenceEncoder"/>. Values have their default head.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeadKind? Head { get; init; }

    /// <summary>The training rows, or null for all that are drawn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainingRows { get; init; }

    // QNLI has 5,463 development rows
    private const int MostScored = 1500;

    private static readonly StrategyRegistry Strategies = StrategyRegistry.Default.Configure(DefaultStrategies.Variants);

    /// <inheritdoc/>
    public override Result Run(string data)
    {
        var settings = new TrainingSettings
        {
            TrainLimit = TrainingRows ?? Rows,
            ValidationLimit = MostScored,
            Head = Task == "stsb" ? null : Head ?? HeadKind.SentenceEncoder,
            HeadStart = Start,
            HeadLearningRate = HeadRate,
            Precision = Precision.Auto,
        };
        using var tuner = new FineTuner(new("minilm-l6") { Settings = settings, Data = data, RowSeed = Seed, Strategies = Strategies });
        var result = tuner.Run(Request(tuner));
        return new(Math.Round(result.Score ?? 0, 3), [.. result.EpochScores.Select(score => Math.Round(score, 3))], result.Trained, Math.Round(result.Seconds, 1));
    }

    private FineTuningRequest Request(FineTuner tuner) => Side == "none"
        ? FineTuningRequest.Untrained(Task, Seed)
        : new(Plan(tuner), Task, Seed) { Epochs = Epochs, LearningRate = Rate, AveragedRuns = AveragedRuns };

    private TuningPlan Plan(FineTuner tuner) => Side == "full"
        ? new TuningPlan.Full()
        : tuner.Size(Design.Uniform(new(Side), tuner.Shape.Layers.Count), Budget.Default);
}
