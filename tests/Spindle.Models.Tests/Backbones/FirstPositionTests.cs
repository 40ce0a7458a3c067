using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>The last layer of a head that reads only the first position, against the whole layer.</summary>
public sealed class FirstPositionTests
{
    public static TheoryData<string> Ways => [.. Way.Names];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Pooled_states_and_gradients_equal_those_of_the_whole_last_layer(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = TinyBert.Load();
        using var model = TinyBert.Attach(backbone, Way.Of(name));
        TinyBert.Disturb(model, 5);
        Compare(backbone, model, TinyBert.Batch());
    }

    [Theory]
    [InlineData("mpnet-tiny", "prefix, aligned")]
    [InlineData("mpnet-tiny", "prompt+prefix+lora")]
    [InlineData("roberta-tiny", "all four")]
    public void Other_encoders_pool_the_same_too(string name, string way)
    {
        var tiny = new TinyBackbone(name);
        using var scope = NewDisposeScope();
        using var backbone = tiny.Load();
        using var model = tiny.Attach(backbone, Way.Of(way));
        TinyBackbone.Disturb(model, 5);
        Compare(backbone, model, tiny.Batch());
    }

    [Theory]
    [InlineData("prefix", true)]
    [InlineData("all four", true)]
    [InlineData("prompt+prefix+lora", false)]
    [InlineData("unipelt", false)]
    [InlineData("lora", true)]
    [InlineData("adapter, houlsby", true)]
    public void Rows_of_any_length_pool_the_same_with_and_without_padding_left_out(string name, bool packs)
    {
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new());
        var way = Way.Of(name);
        var design = way.Design(backbone.Layers.Count);
        var plan = Designs.Budgets.BudgetSolver.Solve(design, backbone.Shape.Parameters / 50, backbone.Shape, way.Registry.Costs).Require();
        using var model = TunedModel.Create(backbone, plan, way.Registry, random => new SentenceEncoderHead(backbone.HiddenSize, 2, pairs: false, random), 3);
        TinyBackbone.Disturb(model, 5, 0.02);
        Assert.Equal(packs && Vectors.IsSupported, backbone.SkipsPadding);
        Gen.Int[1, 12].Array[1, 6].Sample(lengths => Compare(backbone, model, Batch(lengths)), iter: 10, threads: 1);
    }

    private static void Compare(IBackbone backbone, TunedModel model, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        model.Training = false;
        var whole = Run(backbone.Pool(backbone.Encode(batch), batch));
        var first = Run(backbone.EncodePooled(batch));
        Assert.Equal(whole.States.shape, first.States.shape);
        Assert.True(whole.States.allclose(first.States, 1e-5, 1e-5), $"states differ by {(whole.States - first.States).abs().max().ToDouble()}");
        var largest = Math.Max(1, whole.Gradient.abs().max().ToDouble());
        Assert.InRange((whole.Gradient - first.Gradient).abs().max().ToDouble() / largest, 0, 1e-5);

        (Tensor States, Tensor Gradient) Run(Tensor states)
        {
            model.Parameters.ZeroGradients();
            (states * linspace(-1, 1, states.numel()).view_as(states)).sum().backward();
            return (states.detach(), model.Parameters.Gradients.clone());
        }
    }

    private static TokenBatch Batch(int[] lengths)
    {
        var (ids, mask) = (new long[lengths.Length, lengths.Max()], new long[lengths.Length, lengths.Max()]);
        foreach (var (row, length) in lengths.Index())
            for (var token = 0; token < length; token++)
                (ids[row, token], mask[row, token]) = (1000 + (row * 100) + token, 1);
        return new(tensor(ids), tensor(mask), null);
    }
}
