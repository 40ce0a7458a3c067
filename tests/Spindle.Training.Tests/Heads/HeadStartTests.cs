using Spindle.Data.Tasks;
using Spindle.Designs.Plans;
using Spindle.Metrics.Predictions;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Tests.Checkpoints;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Specification;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Heads;

/// <summary>Heads that start from a probe of the embedded backbone's features.</summary>
public class HeadStartTests
{
    private const string Sentiment = "builtin/sentiment";

    private static readonly TrainingSettings Probe = SmallTuner.Training with { Head = null, HeadStart = HeadStart.Probe };

    [Theory]
    [InlineData(Sentiment, null)]
    [InlineData("builtin/entailment", null)]
    [InlineData("builtin/entailment", HeadKind.Joint)]
    [InlineData("builtin/entailment", HeadKind.SentenceEncoder)]
    [InlineData("builtin/entailment", HeadKind.PairClassifier)]
    [InlineData(SmallTuner.Builtin, HeadKind.SentenceEncoder)]
    [InlineData(SmallTuner.Builtin, null)]
    public void A_training_starts_at_the_probe_and_gives_bit_equal_scores_again(string task, HeadKind? head)
    {
        using var tuner = SmallTuner.Tuner(Probe with { Head = head });
        var alone = tuner.Train(FineTuningRequest.Untrained(task, 1));
        Assert.Null(alone.Failure);
        // neither the seed nor LoRA, whose B is zero, changes it
        Assert.Equal(Values(alone), Values(tuner.Train(FineTuningRequest.Untrained(task, 2))));
        Assert.Equal(alone.Score!.Value, tuner.Train(SmallTuner.Request("lora", task, epochs: 0)).Score!.Value, 1e-9);

        var request = SmallTuner.Request("lora", task);
        var first = tuner.Train(request);
        manual_seed(99);
        Assert.Equal(Values(first), Values(tuner.Train(request)));
        using var fresh = SmallTuner.Tuner(Probe with { Head = head });
        Assert.Equal(Values(first), Values(fresh.Train(request)));
    }

    [Fact]
    public void The_probe_alone_separates_labels_that_a_random_head_cannot()
    {
        const string task = "sst2";
        using var tuner = SmallTuner.Tuner(Probe with { TrainLimit = 300, ValidationLimit = 200 }, SmallTuner.Glue);
        var probe = tuner.Train(FineTuningRequest.Untrained(task, 1)).Score!.Value;
        var random = tuner.Train(FineTuningRequest.Untrained(task, 1) with { HeadStart = HeadStart.Random }).Score!.Value;
        Assert.True(probe > 65, $"the probe scores {probe}");
        Assert.True(probe > random + 5, $"the probe scores {probe}, a random head {random}");
    }

    [Fact]
    public void A_random_start_scores_the_same_whether_or_not_a_probe_was_solved_before()
    {
        using var tuner = SmallTuner.Tuner();
        var request = SmallTuner.Request("lora", Sentiment);
        var before = tuner.Train(request);
        Assert.NotEqual(Values(before), Values(tuner.Train(request with { HeadStart = HeadStart.Probe })));
        Assert.Equal(Values(before), Values(tuner.Train(request)));
    }

    [Fact]
    public void Fewer_training_rows_give_another_probe()
    {
        using var tuner = SmallTuner.Tuner(Probe);
        var request = FineTuningRequest.Untrained(Sentiment, 1) with { Output = null };
        var all = Probabilities(request);
        Assert.NotEqual(all, Probabilities(request with { TrainingRows = SmallTuner.TrainRows / 2 }));
        Assert.Equal(all, Probabilities(request with { TrainingRows = SmallTuner.TrainRows }));

        double[] Probabilities(FineTuningRequest of)
        {
            var folder = Directory.CreateTempSubdirectory("spindle-probe-");
            try
            {
                tuner.Train(of with { Output = folder.FullName });
                using var predictor = TunedPredictor.Load(folder.FullName, StrategyRegistry.Default);
                var rows = TaskCatalogue.Default.Load(Sentiment, null).Validation[0].Examples.Take(8).ToArray();
                return [.. predictor.Predict(rows, TestContext.Current.CancellationToken).SelectMany(row => row.Probabilities)];
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    [Fact]
    public void The_logits_before_training_are_those_of_the_probe_of_the_heads_features()
    {
        using var tuner = SmallTuner.Tuner();
        var task = tuner.Task(Sentiment);
        using var backbone = BackboneCatalogue.Load("minilm-l6", new());
        var specification = new ModelSpecification
        {
            Backbone = "minilm-l6",
            Fingerprint = backbone.Fingerprint,
            Head = HeadKind.SentenceEncoder,
            Task = task.Task,
            MaxLength = SmallTuner.Training.MaxLength,
            Plan = new TuningPlan.Sized(null, []),
        };
        using var model = specification.Attach(backbone, StrategyRegistry.Default, seed: 1);
        var labels = LabelLogits.Of(task.Task);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        model.StartHead(new HeadProbe(labels, paddingId: 0).Solve(model, task.Train, TestContext.Current.CancellationToken));

        var features = stack([.. task.Train.Select(row => model.Features(TensorBatch.Of([row], 0, CPU).Input)[0])]);
        var probe = labels.Probe(features, [.. task.Train.Select(row => row.Label)]);
        var wanted = features.to(ScalarType.Float64).mm(probe.Weight.t()).add(probe.Bias, 1);
        var given = new LabelObjective(labels, 0).Logits(model, task.Train, TestContext.Current.CancellationToken);
        for (var row = 0; row < given.Length; row++)
            for (var label = 0; label < labels.Outputs; label++)
                Assert.Equal((float)wanted[row, label].data<double>()[0], given[row][label], 1e-4f);
    }

    [Fact]
    public void Solving_a_probe_can_be_stopped_and_leaves_no_tensors_behind()
    {
        using var tuner = SmallTuner.Tuner(Probe);
        tuner.Train(FineTuningRequest.Untrained("builtin/entailment", 1));
        var before = Tensor.TotalCount;
        using (var stopped = new CancellationTokenSource())
        {
            stopped.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => tuner.Run(FineTuningRequest.Untrained(Sentiment, 1), null, stopped.Token));
        }
        Assert.NotNull(tuner.Train(FineTuningRequest.Untrained(Sentiment, 1)).Score);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_language_model_has_no_weights_to_start()
    {
        using var checkpoint = new TinyCheckpoint("t5-tiny");
        using (var tuner = SmallTuner.Tuner(Probe, backbone: checkpoint.Folder))
            Assert.Contains("head-start: random", Assert.Throws<InvalidDataException>(() => tuner.Task(Sentiment)).Message);
        using var random = SmallTuner.Tuner(Probe with { HeadStart = HeadStart.Random }, backbone: checkpoint.Folder);
        Assert.Contains("head-start: random", Assert.Throws<InvalidDataException>(
            () => random.Train(FineTuningRequest.Untrained(Sentiment, 1) with { HeadStart = HeadStart.Probe })).Message);
    }

    private static double[] Values(FineTuningResult result) =>
        [result.Score!.Value, .. Assert.IsType<SplitPredictions.OfLabels>(Assert.Single(result.Predictions)).Predictions];
}
