using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Places;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>Layers that are computed again give the same gradients. Dropout draws from the generator of the process, so nothing else may run beside these tests.</summary>
[Collection(nameof(GeneratorOfTheProcess))]
public sealed class ActivationCheckpointingTests
{
    private const double Dropout = 0.2;
    private const double Tolerance = 2e-6; // of the largest gradient: a sum over layers may be in another order

    public static TheoryData<string, string> EveryBackboneAndWay { get; } = new(
        TinyBackbone.Names.SelectMany(backbone => Way.Names.Select(way => (backbone, way))));

    [Theory(Explicit = true)]
    [MemberData(nameof(EveryBackboneAndWay))]
    public void Loss_and_gradients_are_the_same_as_without_whatever_is_attached(string backbone, string way)
    {
        var tiny = new TinyBackbone(backbone);
        Compare(Step(false), Step(true));

        (float Loss, float[] Gradients) Step(bool recomputes)
        {
            using var loaded = BackboneCatalogue.Load(tiny.Folder, new() { Dropout = Dropout, ActivationCheckpointing = recomputes });
            using var model = tiny.Attach(loaded, Way.Of(way));
            return Train(model, () => TinyBackbone.Loss(model, tiny.Batch()));
        }
    }

    [Theory]
    [InlineData("bert-tiny")]
    [InlineData("mpnet-tiny")]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    [InlineData("t5-v1_1-tiny")]
    public void Full_fine_tuning_has_the_same_gradients_tables_of_positions_included(string backbone)
    {
        var tiny = new TinyBackbone(backbone);
        Compare(Step(false), Step(true));

        (float Loss, float[] Gradients) Step(bool recomputes)
        {
            using var loaded = BackboneCatalogue.Load(tiny.Folder, new() { Dropout = Dropout, ActivationCheckpointing = recomputes });
            using var model = TunedModel.Create(loaded, new TuningPlan.Full(), StrategyRegistry.Default, TinyBackbone.Head(loaded), 1);
            return Train(model, () => TinyBackbone.Loss(model, tiny.Batch()));
        }
    }

    [Theory]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    [InlineData("t5-v1_1-tiny")]
    public void A_language_model_has_the_same_gradients(string backbone)
    {
        var tiny = new TinyBackbone(backbone);
        Compare(Step(false), Step(true));

        (float Loss, float[] Gradients) Step(bool recomputes)
        {
            using var loaded = BackboneCatalogue.Load(tiny.Folder, new() { Dropout = Dropout, ActivationCheckpointing = recomputes });
            var way = Way.Of("adapter+lora");
            using var model = TunedModel.Create(loaded, tiny.Solve(loaded, way.Design(loaded.Layers.Count), way.Registry), way.Registry, _ => new LanguageHead(), 1);
            return Train(model, () =>
            {
                var batch = tiny.Batch();
                return nn.functional.cross_entropy(model.Logits(new(batch, null) { Target = batch.Ids }).flatten(0, 1), batch.Ids.flatten());
            });
        }
    }

    [Theory]
    [InlineData("lora", ScalarType.Float32, false)]
    [InlineData("lora", ScalarType.Float32, true)]
    [InlineData("lora", ScalarType.BFloat16, true)]
    [InlineData("all four", ScalarType.BFloat16, true)]
    [InlineData("bitfit", ScalarType.BFloat16, false)]
    public void The_kernels_give_the_same_gradients_to_the_last_bit_with_and_without_padding(string way, ScalarType type, bool padded)
    {
        var (plain, recomputed) = (Step(false), Step(true));
        Assert.Equal(plain.Loss, recomputed.Loss);
        Assert.Equal(plain.Gradients, recomputed.Gradients);

        (float Loss, float[] Gradients) Step(bool recomputes)
        {
            using var backbone = BackboneCatalogue.Load("minilm-l6", new() { Dropout = Dropout, ActivationCheckpointing = recomputes, FrozenType = type });
            using var model = Attach(backbone, way);
            return Train(model, () => TinyBackbone.Loss(model, Batch(6, 20, padded)));
        }
    }

    [Fact]
    public void Every_block_but_the_last_is_computed_twice_and_none_below_the_lowest_tuned_one()
    {
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load("minilm-l6", new() { ActivationCheckpointing = true });
        using var attachment = new Attachment();
        var weight = ones(1).requires_grad_();
        var counters = Enumerable.Range(2, 4).Select(layer => new Counter(weight)).ToArray();
        foreach (var (index, counter) in counters.Index()) attachment.Add(backbone.Layers[2 + index].Blocks[0].AfterFeedForward, counter);
        var states = backbone.EncodeAll(Batch(2, 6, padded: false));
        Assert.Equal([false, false, false, true, true, true, true], states.Select(state => state.requires_grad));
        Assert.All(counters, counter => Assert.Equal(1, counter.Calls));
        states[^1].sum().backward();
        Assert.Equal([2, 2, 2, 1], counters.Select(counter => counter.Calls));
    }

    [Fact]
    public void What_a_long_batch_keeps_for_the_backward_pass_is_less_than_half()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the memory of a process is as Linux counts it");
        var (plain, recomputed) = (Kept(false), Kept(true));
        Assert.True(recomputed < plain / 2, $"{recomputed >> 20} MB with recomputation and {plain >> 20} MB without");

        static long Kept(bool recomputes)
        {
            using var backbone = BackboneCatalogue.Load("minilm-l6", new() { ActivationCheckpointing = recomputes });
            using var model = Attach(backbone, "lora");
            model.Training = true;
            using var scope = NewDisposeScope();
            var batch = Batch(8, 256, padded: false);
            var before = Environment.WorkingSet;
            var loss = TinyBackbone.Loss(model, batch);
            var kept = Environment.WorkingSet - before;
            loss.backward();
            return kept;
        }
    }

    private static TunedModel Attach(IBackbone backbone, string name)
    {
        var way = Way.Of(name);
        return TunedModel.Create(
            backbone, TinyBert.Solve(backbone, way.Design(backbone.Layers.Count), way.Registry, backbone.Shape.Parameters / 100), way.Registry, TinyBackbone.Head(backbone), 1);
    }

    private static TokenBatch Batch(int rows, int length, bool padded)
    {
        var mask = ones([rows, length], ScalarType.Int64);
        if (padded)
            for (var row = 1; row < rows; row++) mask[row, TensorIndex.Slice(length - (2 * row), length)] = 0;
        return new(arange(rows * length).view(rows, length).add(1000, 1), mask, null);
    }

    private static (float Loss, float[] Gradients) Train(TunedModel model, Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        TinyBackbone.Disturb(model, 3);
        model.Training = true;
        // twice, so that the random numbers after a backward pass are compared too
        manual_seed(5);
        compute().backward();
        var loss = compute();
        loss.backward();
        return (TinyBackbone.Numbers(loss)[0], TinyBackbone.Numbers(model.Parameters.Gradients));
    }

    private static void Compare((float Loss, float[] Gradients) plain, (float Loss, float[] Gradients) recomputed)
    {
        Assert.Equal(plain.Loss, recomputed.Loss);
        Assert.Contains(plain.Gradients, gradient => gradient != 0);
        var largest = plain.Gradients.Max(Math.Abs);
        Assert.All(plain.Gradients.Zip(recomputed.Gradients), pair => Assert.Equal(pair.First, pair.Second, largest * Tolerance));
    }

    private sealed class Counter(Tensor weight) : ISublayerInsertion
    {
        public int Calls { get; private set; }

        public Tensor Apply(SublayerOutput context)
        {
            Calls++;
            return context.Output * weight;
        }
    }
}
