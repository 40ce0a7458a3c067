using System.Text.Json;
using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Tests;
using Spindle.Training.Settings;

namespace Spindle.Training.Tests;

/// <summary>LoRA trained as the note of the fixtures' <c>peers.json</c> says scores what HF peft scored there. Minutes a task.</summary>
public class PeerQualityTests(ITestOutputHelper output)
{
    // rank 12 on query and value of six layers of hidden size 384: 0.49% of the backbone
    private const int Budget = 6 * 12 * 2 * (384 + 384);

    private static readonly TrainingSettings Settings = new()
    {
        Epochs = 3,
        BatchSize = 16,
        LearningRate = 1e-3,
        WarmUp = 0.06,
        WeightDecay = 0,
        GradientClipping = 1,
        MaxLength = 128,
        TrainLimit = 1000,
        Precision = Precision.Auto,
        Head = HeadKind.SentenceEncoder,
        Threads = 2,
    };

    [Theory(Explicit = true)]
    [InlineData("SST-2", "sst2")]
    [InlineData("MRPC", "mrpc")]
    [InlineData("STS-B", "stsb")]
    [InlineData("RTE", "rte")]
    public void LoRA_scores_no_more_than_two_standard_errors_below_the_peers_mean(string peerTask, string task)
    {
        // their rows are long: a quarter of an hour for each task in float32
        Assert.SkipWhen(!NativeBFloat16.IsSupported && task is ("mrpc" or "rte"), "takes too long on a processor that emulates bfloat16");
        var metrics = TaskCatalogue.Default.Find(task).Metrics;
        var peers = PeersOf(peerTask, metrics);
        double[] ours = [.. peers.Select(peer => Score(task, peer.Seed))];
        double[] theirs = [.. peers.Select(peer => peer.Score)];
        var rows = TaskCatalogue.Default.Load(task, SmallTuner.Glue).Validation.Sum(split => split.Examples.Count);
        var error = Math.Sqrt(SquaredError(ours, rows) + SquaredError(theirs, rows));
        output.WriteLine($"{task}: {ours.Average():F2} ({Join(ours)}), peers {theirs.Average():F2} ({Join(theirs)}), standard error of the difference {error:F2}");
        Assert.True(ours.Average() >= theirs.Average() - 2 * error,
            $"{ours.Average():F2} points ({Join(ours)}) where the peers have {theirs.Average():F2} ({Join(theirs)}) and two standard errors are {2 * error:F2}");
    }

    private static double Score(string task, int seed)
    {
        using var tuner = SmallTuner.Tuner(Settings, SmallTuner.Glue, seed);
        var plan = tuner.Size(Design.Uniform(new("lora"), tuner.Shape.Layers.Count), Designs.Budgets.Budget.OfCount(Budget));
        var result = tuner.Train(new(plan, task, seed));
        Assert.Equal(Budget, result.Trained);
        return result.Score ?? throw new InvalidOperationException(result.Failure);
    }

    // points: the mean of the task's metrics, as a trial's score is
    private static (int Seed, double Score)[] PeersOf(string task, IReadOnlyList<string> metrics)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("peers.json")));
        (int, double)[] peers =
        [
            .. json.RootElement.GetProperty("quality").EnumerateArray()
                .Where(row => row.GetProperty("task").GetString() == task)
                .Select(row => (row.GetProperty("seed").GetInt32(), 100 * metrics.Average(metric => row.GetProperty(metric).GetDouble()))),
        ];
        Assert.True(peers.Length >= 2, $"{task} has {peers.Length} seeds in peers.json");
        return peers;
    }

    /// <summary>The square of the mean's standard error. Two or three seeds may agree by chance, so a score is taken to be no surer than a share
    /// that was counted over as many rows, which deviates by up to 0.5 / √rows.</summary>
    private static double SquaredError(double[] scores, int rows)
    {
        var mean = scores.Average();
        var variance = scores.Sum(score => (score - mean) * (score - mean)) / (scores.Length - 1);
        return Math.Max(variance, 2500.0 / rows) / scores.Length;
    }

    private static string Join(double[] scores) => string.Join(", ", scores.Select(score => $"{score:F1}"));
}
