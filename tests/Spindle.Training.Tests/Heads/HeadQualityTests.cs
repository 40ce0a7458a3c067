using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models.Tuning;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Training.Tests.Heads;

/// <summary>The figures of <c>docs/heads.md</c>: real GLUE, 1,000 training rows drawn by the seed, the official development rows. Minutes for each row of a table.</summary>
public class HeadQualityTests(ITestOutputHelper output)
{
    private const string EveryLinearMap = "{places: [attention-query, attention-key, attention-value, attention-output, feed-forward-in, feed-forward-out]}";

    private static readonly TrainingSettings Settings = new() { Epochs = 3, TrainLimit = 1000 };

    [Theory(Explicit = true)]
    [InlineData("stsb", HeadStart.Random, 86)]
    [InlineData("stsb", HeadStart.Probe, 86)]
    [InlineData("sst2", HeadStart.Probe, 74)]
    [InlineData("mrpc", HeadStart.Probe, 74)]
    [InlineData("qnli", HeadStart.Probe, 65)]
    public void Without_training(string task, HeadStart start, double least)
    {
        var scores = Scores(task, null, start, 0, [1, 2, 3]);
        Assert.All(scores, score => Assert.True(score >= least, $"{task} scores {score:F2}"));
    }

    [Theory(Explicit = true)]
    [InlineData(5e-4)]
    [InlineData(1e-3)]
    [InlineData(2e-3)]
    public void LoRA_of_rank_2_in_every_linear_map_under_the_similarity_head(double rate) =>
        Assert.All(Scores("stsb", null, HeadStart.Random, rate, [1, 2, 3], rank: 2), score => Assert.True(score >= 87, $"scores {score:F2}"));

    [Theory(Explicit = true)]
    [InlineData("sst2", 5e-4)]
    [InlineData("sst2", 1e-3)]
    [InlineData("mrpc", 5e-4)]
    [InlineData("mrpc", 1e-3)]
    [InlineData("qnli", 1e-3)]
    public void LoRA_from_a_random_head_and_from_a_probe(string task, double rate)
    {
        foreach (var start in Enum.GetValues<HeadStart>())
            Assert.All(Scores(task, null, start, rate, [1, 2], rank: 2), score => Assert.InRange(score, 50, 100));
    }

    // the last score of each seed; every epoch's is printed
    private List<double> Scores(string task, HeadKind? head, HeadStart start, double rate, int[] seeds, int rank = 0)
    {
        var registry = StrategyRegistry.Default.Configure(new Dictionary<string, string> { ["lora"] = EveryLinearMap });
        var scores = new List<double>();
        foreach (var seed in seeds)
        {
            using var tuner = SmallTuner.Tuner(Settings with { Head = head, HeadStart = start }, SmallTuner.Glue, seed, registry);
            var request = rank == 0 ? FineTuningRequest.Untrained(task, seed) : new(Lora(tuner, rank), task, seed) { LearningRate = rate };
            var result = tuner.Train(request);
            scores.Add(result.Score ?? throw new InvalidOperationException(result.Failure));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{task} {start} rate {rate} seed {seed}: {result.Score:F2} ({string.Join(", ", result.EpochScores.Select(score => $"{score:F2}"))}) {string.Join(", ", result.Metrics.Select(metric => $"{metric.Key} {100 * metric.Value:F2}"))}, {result.Trained} trained, {result.Seconds:F0} s"));
        }
        return scores;
    }

    private static TuningPlan.Sized Lora(FineTuner tuner, int rank)
    {
        var ranks = tuner.Shape.Layers.Sum(layer => tuner.Costs["lora"].Parameters(layer, rank));
        return tuner.Size(Design.Uniform(new("lora"), tuner.Shape.Layers.Count), Budget.OfCount(ranks));
    }
}
