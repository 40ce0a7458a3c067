using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.FineTuning;

public sealed class LaneTrainerTests : IDisposable
{
    // dropout draws other numbers for other shapes
    private static readonly TrainingSettings Plain = SmallTuner.Training with { Dropout = 0 };

    private static readonly TrainingSettings Diverging = Plain with { LearningRates = new(KeyValuePair.Create("bitfit", 1e30)) };

    private static readonly StrategyRegistry Variants = StrategyRegistry.Default.Configure(new Dictionary<string, string>
    {
        ["lora-all"] = "{kind: lora, places: [attention-query, attention-key, attention-value, attention-output, feed-forward-in, feed-forward-out]}",
        ["houlsby"] = "{kind: adapter, placement: houlsby}",
        ["parallel"] = "{kind: adapter, placement: parallel}",
        ["gated-adapter"] = "{kind: adapter, gated: true}",
        ["made-prefix"] = "{kind: prefix, network: 8}",
    });

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-lanes-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory(Explicit = true)]
    [InlineData("lora bitfit adapter")]
    [InlineData("prefix ia3 layer-norm")]
    [InlineData("dora vera scale-shift compacter")]
    [InlineData("unipelt mam lora-all")]
    [InlineData("houlsby parallel gated-adapter")]
    [InlineData("made-prefix lora+bitfit adapter+layer-norm+bitfit prefix+ia3+dora")]
    public void A_lane_trains_what_it_trains_alone(string ways)
    {
        using var tuner = SmallTuner.Tuner(Plain, strategies: Variants);
        RequireEqual(tuner, [.. ways.Split(' ').Select((way, lane) => Request(way, 5e-4 * (lane + 1)))], "builtin/sentiment");
    }

    [Fact]
    public void Every_strategy_is_tested_in_a_lane_or_refused()
    {
        var tested = typeof(LaneTrainerTests).GetMethod(nameof(A_lane_trains_what_it_trains_alone))!.GetCustomAttributes(typeof(InlineDataAttribute), false)
            .SelectMany(data => ((string)((InlineDataAttribute)data).Data[0]!).Split(' ')).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(["prompt"], StrategyRegistry.Default.Names.Where(name => !tested.Contains(name)));
    }

    [Theory(Explicit = true)]
    [InlineData("builtin/similarity", HeadKind.Similarity)]
    [InlineData("builtin/similarity", HeadKind.SentenceEncoder)]
    [InlineData("builtin/entailment", HeadKind.PairClassifier)]
    [InlineData("builtin/sentiment", HeadKind.Joint)]
    public void Lanes_share_the_passes_of_every_head(string task, HeadKind head)
    {
        using var tuner = SmallTuner.Tuner(Plain with { Head = head, HeadStart = HeadStart.Auto });
        RequireEqual(tuner, [Request("lora", 1e-3), Request("prefix", 2e-3), Request("bitfit", 4e-3)], task);
    }

    [Fact]
    public void Lanes_train_in_parts_of_a_step()
    {
        using var tuner = SmallTuner.Tuner(Plain with { GradientAccumulation = 3 });
        RequireEqual(tuner, [Request("lora", 1e-3), Request("bitfit", 1e-3)], "builtin/sentiment");
    }

    [Fact(Explicit = true)]
    public void What_cannot_share_passes_is_trained_alone()
    {
        using var tuner = SmallTuner.Tuner(Plain);
        RequireEqual(tuner, [Request("prompt", 1e-3), Request("lora", 1e-3), Request("full", 1e-4), Request("bitfit", 0.001) with { Epochs = 2 }], "builtin/sentiment");
    }

    [Fact]
    public void A_lane_that_diverges_leaves_the_others_at_that_step()
    {
        using var tuner = SmallTuner.Unchecked(Diverging);
        FineTuningRequest[] requests = [.. ((FineTuningRequest[])[Request("lora", 1e-3), Request("bitfit", 1e-3), Request("adapter", 1e-3)]).Select(request => request with { Task = "builtin/sentiment" })];
        var results = tuner.RunTogether(requests, stop: TestContext.Current.CancellationToken);
        Assert.NotNull(results[1].Failure);
        Assert.Null(results[1].Score);
        Assert.True(results[1].ExampleSteps < results[0].ExampleSteps);
        foreach (var index in (int[])[0, 2])
        {
            Assert.Null(results[index].Failure);
            Assert.Equal(tuner.Train(requests[index]).Score!.Value, results[index].Score!.Value, 0.01);
        }
    }

    [Fact]
    public void A_model_is_ended_at_the_step_where_its_caller_says_so_and_the_others_train_to_their_end()
    {
        using var tuner = SmallTuner.Tuner(Plain);
        var seen = new List<TrainingProgress>();
        var ended = Request("bitfit", 1e-3) with
        {
            RetriesDivergence = true,
            Ends = progress =>
            {
                seen.Add(progress);
                return progress.Step == 3;
            },
        };
        var (other, stop) = (Request("lora", 1e-3), TestContext.Current.CancellationToken);
        var results = tuner.RunTogether([ended, other], stop: stop);
        Assert.Equal([1, 2, 3], seen.Select(progress => progress.Step));
        Assert.Equal(tuner.Train(other).Score!.Value, results[1].Score!.Value, 0.01);
        Assert.False(results[1].WasEnded);
        foreach (var result in (FineTuningResult[])[results[0], tuner.Run(ended, stop: stop)])
        {
            Assert.True(result.WasEnded);
            Assert.Null(result.Score);
            Assert.Null(result.Diverged);
            Assert.Equal($"it was ended at step 3 of {seen[0].Steps}", result.Failure);
            Assert.Equal(seen[2].Examples, result.ExampleSteps);
        }

        // alone, it saw the same
        Assert.Equal(6, seen.Count);
        Assert.Equal(seen.Take(3).Select(progress => (progress.Step, progress.Examples)), seen.Skip(3).Select(progress => (progress.Step, progress.Examples)));
        Assert.All(seen.Take(3).Zip(seen.Skip(3)), pair => Assert.Equal(pair.First.Loss!.Value, pair.Second.Loss!.Value, 1e-4));
    }

    [Fact]
    public void A_lane_that_diverges_is_repeated_at_a_lower_rate()
    {
        using var tuner = SmallTuner.Unchecked(Diverging);
        var results = tuner.RunTogether([Request("bitfit", 1e-3) with { RetriesDivergence = true }, Request("lora", 1e-3)], stop: TestContext.Current.CancellationToken);
        Assert.NotNull(results[0].Diverged);
        Assert.Null(results[1].Diverged);
    }

    [Fact]
    public void The_backbone_is_unchanged_after_lanes_have_been_trained_or_stopped()
    {
        using var tuner = SmallTuner.Tuner(Plain);
        var before = tuner.Train(Request("bitfit", 1e-3)).Score;
        using var stop = new CancellationTokenSource();
        var steps = new Stopping(stop);
        Assert.Throws<OperationCanceledException>(() => tuner.RunTogether([Request("lora", 1e-3), Request("layer-norm", 1e-3)], steps, stop.Token));
        tuner.RunTogether([Request("lora", 1e-3), Request("layer-norm", 1e-3)], stop: TestContext.Current.CancellationToken);
        Assert.Equal(before, tuner.Train(Request("bitfit", 1e-3)).Score);
    }

    [Fact]
    public void Lanes_of_different_rows_are_refused()
    {
        using var tuner = SmallTuner.Tuner(Plain);
        Assert.Throws<ArgumentException>(() => tuner.RunTogether([Request("lora", 1e-3), Request("lora", 1e-3) with { Seed = 12 }], stop: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Lanes_with_dropout_end_the_same_each_time()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Dropout = 0.1 });
        FineTuningRequest[] requests = [Request("lora", 1e-3), Request("bitfit", 1e-3)];
        Assert.Equal(Scores(), Scores());

        double?[] Scores() => [.. tuner.RunTogether(requests, stop: TestContext.Current.CancellationToken).Select(result => result.Score)];
    }

    private static FineTuningRequest Request(string way, double rate) => SmallTuner.Request(way, epochs: 2, registry: Variants) with { LearningRate = rate };

    private void RequireEqual(FineTuner tuner, IReadOnlyList<FineTuningRequest> requests, string task)
    {
        FineTuningRequest[] together = [.. requests.Select((request, index) => request with { Task = task, Epochs = 2, Output = Folder("together", index) })];
        var results = tuner.RunTogether(together, stop: TestContext.Current.CancellationToken);
        foreach (var (index, request) in together.Index())
        {
            var alone = tuner.Train(request with { Output = Folder("alone", index) });
            Assert.Null(results[index].Failure);
            Assert.Equal(alone.ExampleSteps, results[index].ExampleSteps);
            Assert.Equal(alone.Score!.Value, results[index].Score!.Value, 0.5);
            // Adam follows the sign of gradients that are almost zero, so single values may differ
            var difference = Values(Folder("alone", index)).Zip(Values(Folder("together", index)), (first, second) => Math.Abs(first - second)).Average();
            Assert.True(difference < 1e-4, $"the values of lane {index} differ by {difference} on average");
        }
    }

    private string Folder(string name, int index) => Path.Combine(folder.FullName, $"{name}-{index}");

    private static float[] Values(string output)
    {
        using var file = SafetensorsFile.Open(TunedFolder.WeightsPath(output));
        return [.. file.Tensors.Keys.Order(StringComparer.Ordinal).SelectMany(name =>
        {
            using var tensor = file.Read(name);
            return tensor.to(TorchSharp.torch.ScalarType.Float32).data<float>().ToArray();
        })];
    }

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == 2) stop.Cancel();
        }
    }
}
