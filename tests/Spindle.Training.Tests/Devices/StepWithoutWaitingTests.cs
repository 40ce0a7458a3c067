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
using Spindle.Training.Optimization;
using Spindle.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Devices;

/// <summary>Runs whole training steps on libtorch's meta device. Its tensors have no values, so a step that reads one back fails, and so does one that leaves a tensor on the CPU.
/// libtorch has no layer norm and no ReLU there, so the steps are those of T5 v1.1, without adapters; what other families do besides is tested in parts.</summary>
public class StepWithoutWaitingTests
{
    private static readonly string[] Strategies = ["bitfit", "lora", "prefix", "prompt", "ia3", "dora", "vera", "layer-norm", "scale-shift"];

    private static readonly string[] Models = ["t5-v1_1-tiny"];

    public static TheoryData<string, string> Combinations => [.. from model in Models from strategy in Strategies.Intersect(StrategyRegistry.Default.Costs.Names).Append("full") select (model, strategy)];

    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_training_step_reads_nothing_back_from_its_device(string model, string strategy)
    {
        using var backbone = Outline(model);
        using var tuned = Attach(backbone, strategy, Head(backbone, pairs: false));
        Train(tuned, new LabelObjective(LabelLogits.Of(Task(classWeights: null)), 0), Rows(withSecond: false, target: false));
    }

    [Theory]
    [InlineData("t5-v1_1-tiny")]
    public void A_step_with_class_weights_and_accumulation_reads_nothing_back_either(string model)
    {
        using var backbone = Outline(model);
        using var tuned = Attach(backbone, "lora", Head(backbone, pairs: false));
        Train(tuned, new LabelObjective(LabelLogits.Of(Task(classWeights: [1, 2])), 0), Rows(withSecond: false, target: false), accumulation: 2);
    }

    [Theory]
    [InlineData("t5-v1_1-tiny")]
    public void A_step_of_a_joint_head_on_the_last_end_token_reads_nothing_back(string model)
    {
        using var backbone = Outline(model);
        using var tuned = Attach(backbone, "lora", random => backbone.MakeJointHead(2, random));
        var end = ((ISequenceToSequence)backbone).Tokens.End;
        Train(tuned, new LabelObjective(LabelLogits.Of(Task(null)), 0), [.. Rows(false, false).Select(row => row with { First = row.First with { Ids = [.. row.First.Ids[..^1], end] } })]);
    }

    [Theory]
    [InlineData("t5-v1_1-tiny")]
    public void A_step_that_generates_text_reads_nothing_back(string model)
    {
        using var backbone = Outline(model);
        using var tuned = Attach(backbone, "lora", _ => new LanguageHead());
        Train(tuned, new LanguageLoss(), Rows(withSecond: false, target: true));
    }

    [Fact]
    public void Reading_a_value_on_the_meta_device_fails_so_these_tests_can()
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsAny<Exception>(() => zeros([3], device: META).max().ToDouble());
        Assert.ThrowsAny<Exception>(() => zeros([3], device: META).add(ones(3), 1));
    }

    [Fact]
    public void The_mask_of_a_batch_on_another_device_is_read_from_the_host()
    {
        using var scope = NewDisposeScope();
        var (padded, full) = (TensorBatch.Of(Rows(false, false), 0, META).Input.First, TensorBatch.Of([Rows(false, false)[0]], 0, META).Input.First);
        Assert.Equal(DeviceType.META, padded.Ids.device_type);
        Assert.Equal(DeviceType.CPU, padded.OnHost!.Mask.device_type);
        Assert.Equal([6, 1, 1, 8], new PaddingMask(padded).Bias(8)!.shape);
        Assert.Null(new PaddingMask(full).Bias(3));
        Assert.NotNull(new PaddingMask(full.Mask).Bias(3)); // without the host's copy, it counts as padded
    }

    [Fact]
    public void A_batch_on_the_CPU_is_its_own_copy_on_the_host()
    {
        using var scope = NewDisposeScope();
        var batch = TensorBatch.Of(Rows(false, false), 9, CPU).Input.First;
        Assert.Null(batch.OnHost);
        Assert.Equal([5, 6, 7, 9, 9, 9, 9, 9], batch.Ids[0].data<long>().ToArray());
        Assert.Equal([1, 1, 1, 0, 0, 0, 0, 0], batch.Mask[0].data<long>().ToArray());
    }

    [Fact]
    public void A_row_without_an_end_token_is_refused_although_the_batch_is_on_another_device()
    {
        using var scope = NewDisposeScope();
        var tokens = new TargetTokens(0, 0, 99, null, null);
        var batch = TensorBatch.Of(Rows(false, false), 0, META).Input.First;
        Assert.Throws<ArgumentException>(() => tokens.LastEndStates(zeros([6, 8, 4], device: META), batch));
    }

    private static void Train(TunedModel model, IObjective objective, EncodedExample[] rows, int accumulation = 1)
    {
        using var scope = NewDisposeScope();
        var settings = new TrainingSettings { GradientAccumulation = accumulation, WeightDecay = 0.01 };
        using var optimizer = new FlatAdamW(model.Parameters, settings.WeightDecay);
        model.Training = true;
        for (var step = 1; step <= 2; step++)
        {
            using var loss = new Trainer(settings, objective, 0).Backward(model, rows, step);
            optimizer.Step(1e-3);
            Assert.Equal(rows.Length, loss.Rows);
        }
    }

    private static IBackbone Outline(string model) => BackboneCatalogue.Outline(SharedFiles.Fixture("models", model), new() { Dropout = 0.1 });

    private static Func<InitialValues, ISequenceHead> Head(IBackbone backbone, bool pairs) => random => new SentenceEncoderHead(backbone.HiddenSize, 2, pairs, random);

    private static TunedModel Attach(IBackbone backbone, string strategy, Func<InitialValues, ISequenceHead> head)
    {
        if (strategy == "full") return TunedModel.Create(backbone, new TuningPlan.Full(), StrategyRegistry.Default, head, 1);
        var design = Design.Uniform(new([strategy]), backbone.Layers.Count);
        return TunedModel.Create(backbone, BudgetSolver.Solve(design, 20000, backbone.Shape, StrategyRegistry.Default.Costs).Require(), StrategyRegistry.Default, head, 1);
    }

    private static TaskDefinition Task(IReadOnlyList<double>? classWeights) => new("toy", TaskKind.Classification, ["ten", "eleven"], false, ["accuracy"], null) { ClassWeights = classWeights };

    private static EncodedExample[] Rows(bool withSecond, bool target)
    {
        return [.. Enumerable.Range(0, 6).Select(row => new EncodedExample(Tokens(3 + row), withSecond ? Tokens(9 - row) : null, row % 2) { Target = target ? Tokens(2 + row % 3).Ids : null })];

        static Encoding Tokens(int count) => new([.. Enumerable.Range(5, count)], new int[count]);
    }

    private sealed class LanguageLoss : IObjective
    {
        public int PredictionBatchSize => 1;

        public Tensor Loss(TunedModel model, TensorBatch batch) =>
            nn.functional.cross_entropy(model.Logits(batch.Input).flatten(0, 1), batch.Input.Target!.flatten(), ignore_index: TensorBatch.IgnoreIndex);

        public double Weight(IReadOnlyList<EncodedExample> rows) => rows.Count;

        public IReadOnlyList<Prediction> Predict(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop) => throw new NotSupportedException();
    }
}
