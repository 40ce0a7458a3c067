using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Kernels;
using Spindle.Models.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Kernels;

/// <summary>Encoding without padding, against one row at a time.</summary>
public sealed class PackedRowsTests
{
    private static readonly int[] Lengths = [9, 3, 17, 5];

    [Theory]
    [InlineData("lora", true)]
    [InlineData("adapter", true)]
    [InlineData("bitfit", true)]
    [InlineData("ia3", true)]
    [InlineData("prefix", true)]
    [InlineData("prefix+lora+adapter", true)]
    [InlineData("prompt", false)]
    public void Rows_of_a_padded_batch_have_the_loss_and_gradients_of_rows_alone(string strategy, bool skips)
    {
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new());
        var design = Design.Uniform(new(strategy.Split('+')), backbone.Layers.Count);
        var solution = BudgetSolver.Solve(design, backbone.Shape.Parameters / 100, backbone.Shape, StrategyRegistry.Default.Costs).Require();
        using var model = TunedModel.Create(backbone, solution, StrategyRegistry.Default, random => new SentenceEncoderHead(backbone.HiddenSize, 2, pairs: false, random), 3);
        TinyBackbone.Disturb(model, 5, 0.02);
        Assert.Equal(skips && Vectors.IsSupported, backbone.SkipsPadding);

        var whole = Run([.. Lengths.Index().Select(row => row.Index)], 17);
        var alone = Lengths.Index().Select(row => Run([row.Index], row.Item)).ToArray();
        Assert.True(whole.Logits.allclose(cat([.. alone.Select(row => row.Logits)], 0), 1e-4, 1e-4));
        Assert.True(whole.Gradient.allclose(alone.Select(row => row.Gradient).Aggregate((sum, row) => sum + row), 1e-3, 1e-4));

        (Tensor Logits, Tensor Gradient) Run(int[] rows, int length)
        {
            var logits = model.Logits(new(Batch(rows, length), null));
            model.Parameters.ZeroGradients();
            (logits * tensor([1f, -2f])).sum().backward();
            return (logits.detach(), model.Parameters.Gradients.clone());
        }
    }

    [Fact]
    public void A_pair_in_one_pass_has_the_vectors_of_two_passes()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new());
        using var random = new Parameters.InitialValues(1);
        var head = new SentenceEncoderHead(backbone.HiddenSize, 2, pairs: true, random);
        var (first, second) = (Batch([0, 1], 9), Batch([2, 3], 17));
        var features = head.Features(backbone, new(first, second)).narrow(1, 0, 2 * backbone.HiddenSize);
        var single = new SentenceEncoderHead(backbone.HiddenSize, 2, pairs: false, random);
        var expected = cat([single.Features(backbone, new(first, null)), single.Features(backbone, new(second, null))], 1);
        Assert.True(expected.allclose(features, 1e-4, 1e-5));
    }

    [Fact]
    public void States_of_real_tokens_equal_those_with_padding_and_states_of_padding_are_zero()
    {
        Assert.SkipUnless(Vectors.IsSupported, "without AVX-512, padding is computed too");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new());
        var batch = Batch([0, 1, 2, 3], 17);
        var real = batch.Mask.unsqueeze(-1).to(ScalarType.Float32);
        var (packed, padded) = (backbone.Encode(batch), backbone.EncodeAll(batch)[^1]);
        Assert.True((padded * real).allclose(packed * real, 1e-4, 1e-5));
        Assert.Equal(0, (packed * (real - 1)).abs().max().ToDouble());
    }

    [Fact]
    public void Batches_of_many_sizes_have_few_numbers_of_tokens_and_little_filler()
    {
        using var scope = NewDisposeScope();
        var sizes = Enumerable.Range(256, 256).Select(tokens =>
        {
            var mask = zeros([8, 64], ScalarType.Int64);
            for (var row = 0; row < 8; row++) mask[row, ..((tokens + row) / 8)] = 1;
            var packed = PackedRows.Of(mask, fills: true);
            Assert.Equal(tokens, packed!.Starts[^1]);
            Assert.InRange(packed.AllStarts[^1], tokens, tokens * 17 / 16);
            return packed.AllStarts[^1];
        }).ToHashSet();
        Assert.InRange(sizes.Count, 2, 17);
    }

    private static TokenBatch Batch(int[] rows, int length)
    {
        var (ids, mask) = (new long[rows.Length, length], new long[rows.Length, length]);
        foreach (var (at, row) in rows.Index())
            for (var token = 0; token < Lengths[row]; token++)
                (ids[at, token], mask[at, token]) = (1000 + (row * 100) + token, 1);
        return new(tensor(ids), tensor(mask), null);
    }
}
