using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Tests;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.FineTuning;

/// <summary>Trains the fixtures' tiny BERT on rows whose class is which of two tokens stands first.</summary>
public class TrainerTests
{
    private static readonly TrainingSettings Settings = new() { BatchSize = 8, LearningRate = 1e-2, WeightDecay = 0.01 };

    [Theory]
    [InlineData("adapter")]
    [InlineData("prefix")]
    [InlineData("bitfit")]
    [InlineData("lora")]
    [InlineData("adapter+bitfit+lora+prefix")]
    [InlineData("full")]
    public void Training_learns_the_rows_and_changes_no_frozen_weight(string strategies)
    {
        using var backbone = Backbone();
        var frozen = Frozen(backbone);
        using var model = Attach(backbone, strategies);
        var run = new Trainer(Settings, Objective(), 0).Train(model, Task(), new(12, strategies == "full" ? 1e-3 : 1e-2, 1), null, TestContext.Current.CancellationToken);
        Assert.Null(run.Failure);
        Assert.True(run.Epochs[^1].Loss < 0.75 * run.Epochs[0].Loss, $"the loss went from {run.Epochs[0].Loss:F3} to {run.Epochs[^1].Loss:F3}");
        Assert.InRange(run.Epochs[^1].Score!.Value, 85, 100); // guessing scores 50
        Assert.Equal(frozen, Frozen(backbone));
    }

    [Fact]
    public void Weights_are_bit_equal_after_the_same_training_again()
    {
        using var backbone = Backbone();
        var first = Trained(seed: 1);
        Assert.Equal(first, Trained(seed: 1));
        Assert.NotEqual(first, Trained(seed: 2));

        float[] Trained(int seed)
        {
            using var model = Attach(backbone, "adapter+lora");
            new Trainer(Settings, Objective(), 0).Train(model, Task(), new(2, 1e-2, seed), null, TestContext.Current.CancellationToken);
            return model.Parameters.Values.data<float>().ToArray();
        }
    }

    [Fact]
    public void A_last_batch_with_fewer_rows_is_trained_on_too()
    {
        using var backbone = Backbone();
        using var model = Attach(backbone, "lora");
        var task = Task();
        var run = new Trainer(Settings with { BatchSize = 9 }, Objective(), 0).Train(model, task, new(3, 1e-3, 1), null, TestContext.Current.CancellationToken);
        Assert.Equal(3L * task.Train.Count, run.ExampleSteps);
    }

    [Fact]
    public void Padding_and_the_rows_beside_it_do_not_change_a_rows_logits()
    {
        using var backbone = Backbone();
        using var model = Attach(backbone, "adapter+bitfit+lora+prefix");
        using (var scope = NewDisposeScope())
        using (no_grad()) model.Parameters.Values.add_(randn_like(model.Parameters.Values) * 0.1);
        IReadOnlyList<EncodedExample> rows = [Row(0, 3, 0), Row(1, 11, 0), Row(0, 30, 0), Row(1, 30, 0), Row(1, 4, 0)];
        var together = Objective().Logits(model, rows, TestContext.Current.CancellationToken);
        var alone = Objective(batchSize: 1).Logits(model, rows, TestContext.Current.CancellationToken);
        for (var row = 0; row < rows.Count; row++)
            for (var output = 0; output < 2; output++)
                Assert.Equal(alone[row][output], together[row][output], 1e-5f);
        Assert.Empty(Objective().Logits(model, [], TestContext.Current.CancellationToken));
    }

    private static LabelObjective Objective(int batchSize = 32) => new(LabelLogits.Of(Task().Task), 0, batchSize);

    private static IBackbone Backbone() => BackboneCatalogue.Load(SharedFiles.Fixture("models", "bert-tiny"), new() { Dropout = 0 });

    private static TunedModel Attach(IBackbone backbone, string strategies)
    {
        if (strategies == "full") return TunedModel.Create(backbone, new TuningPlan.Full(), StrategyRegistry.Default, Head, 1);
        var design = Design.Uniform(new(strategies.Split('+')), backbone.Layers.Count);
        return TunedModel.Create(
            backbone, BudgetSolver.Solve(design, 6000, backbone.Shape, StrategyRegistry.Default.Costs).Require(), StrategyRegistry.Default, Head, 1);

        ISequenceHead Head(InitialValues random) => new SentenceEncoderHead(backbone.HiddenSize, 2, pairs: false, random);
    }

    private static EncodedTask Task()
    {
        var random = new Random(5);
        EncodedExample[] rows = [.. Enumerable.Range(0, 40).Select(row => Row(row % 2, random.Next(3, 20), row))];
        return new(new("toy", TaskKind.Classification, ["ten", "eleven"], false, ["accuracy"], null), rows, [("validation", rows)]);
    }

    private static EncodedExample Row(int label, int length, int seed)
    {
        var random = new Random(seed);
        int[] ids = [10 + label, .. Enumerable.Range(1, length - 1).Select(_ => random.Next(20, 500))];
        return new(new Encoding(ids, new int[length]), null, label);
    }

    private static byte[][] Frozen(IBackbone backbone) => [.. backbone.Weights.Select(weight => weight.Frozen.bytes.ToArray())];
}
