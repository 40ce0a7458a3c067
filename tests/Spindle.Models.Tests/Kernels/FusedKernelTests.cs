using Spindle.Models.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Kernels;

/// <summary>The fused kernels and their gradients, against libtorch's operators.</summary>
public sealed class FusedKernelTests
{
    private const double Dropped = 0.3;

    public static TheoryData<ScalarType, int, int, int, bool> Attentions { get; } = new()
    {
        { ScalarType.Float32, 7, 7, 32, false },
        { ScalarType.Float32, 19, 33, 64, true },
        { ScalarType.Float32, 130, 100, 32, true },
        { ScalarType.BFloat16, 19, 33, 64, false },
        { ScalarType.BFloat16, 70, 70, 32, true },
    };

    [Theory]
    [MemberData(nameof(Attentions))]
    public void Fused_attention_and_its_gradients_equal_those_of_libtorch(ScalarType type, int queries, int keys, int size, bool biased)
    {
        Assert.SkipUnless(Vectors.IsSupported, "the processor has no AVX-512");
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        Tensor[] leaves = [Leaf(queries), Leaf(keys), Leaf(keys)];
        var bias = biased ? randn([2, 1, 1, keys], generator: generator) : null;
        var above = randn([2, queries, 3 * size], generator: generator).to(type);

        Compare(type, leaves, above, (q, k, v) => FusedAttention.Forward(q, k, v, bias, 0.2, 0), (q, k, v) =>
        {
            var scores = q.to(ScalarType.Float32).matmul(k.to(ScalarType.Float32).transpose(-2, -1)) * 0.2;
            return (bias is null ? scores : scores + bias).softmax(-1).matmul(v.to(ScalarType.Float32)).transpose(1, 2).reshape(2, queries, -1).to(type);
        });

        // the memory of a linear map's output, split by head
        Tensor Leaf(int length) => randn([2, length, 3, size], generator: generator).to(type).transpose(1, 2);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_fused_join_and_its_gradients_equal_those_of_libtorch(ScalarType type)
    {
        Assert.SkipUnless(Vectors.IsSupported, "the processor has no AVX-512");
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var (residual, output, weight, bias) = (randn([5, 7, 64], generator: generator), randn([5, 7, 64], generator: generator).to(type),
            randn([64], generator: generator), randn([64], generator: generator));
        var above = randn([5, 7, 64], generator: generator);
        var expected = Run((r, o, w, b) => nn.functional.layer_norm(r + o.to(ScalarType.Float32), [64], w, b, 1e-5) is var full ? (full, full.to(type)) : default);
        var actual = Run((r, o, w, b) => NormJoin.Forward(r, o, w, b, 1e-5, 0));
        foreach (var (wanted, found) in expected.Zip(actual)) AssertClose(type, wanted, found);

        Tensor[] Run(Func<Tensor, Tensor, Tensor, Tensor, (Tensor, Tensor)> join)
        {
            Tensor[] leaves = [.. ((Tensor[])[residual, output, weight, bias]).Select(leaf => leaf.clone().requires_grad_())];
            var (full, typed) = join(leaves[0], leaves[1], leaves[2], leaves[3]);
            ((full * above) + typed.to(ScalarType.Float32)).sum().backward();
            return [full.detach(), typed.detach(), .. leaves.Select(leaf => leaf.grad!)];
        }
    }

    [Fact]
    public void A_fused_gelu_and_its_gradient_equal_those_of_libtorch()
    {
        using var scope = NewDisposeScope();
        var input = linspace(-12, 12, 33 * 64, ScalarType.Float32).view(33, 64);
        Compare(ScalarType.Float32, [input], randn(33, 64), (x, _, _) => Gelu.Forward(x), (x, _, _) => nn.functional.gelu(x));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_fused_root_mean_square_norm_and_its_gradients_equal_those_of_libtorch(bool input, bool weight)
    {
        Assert.SkipUnless(Vectors.IsSupported, "the processor has no AVX-512");
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var (values, scale, above) = (randn([5, 7, 96], generator: generator) * 3, randn([96], generator: generator), randn([5, 7, 96], generator: generator));
        values[2, 3] = zeros(96); // the smallest mean square
        var expected = Run((x, w) => x * ((x * x).mean([-1], keepdim: true) + 1e-6).rsqrt() * w);
        var actual = Run((x, w) => RootMeanSquare.Forward(x, w, 1e-6));
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (wanted, found) in expected.Zip(actual)) AssertClose(ScalarType.Float32, wanted, found);
        using (no_grad()) AssertClose(ScalarType.Float32, expected[0], RootMeanSquare.Forward(values, scale, 1e-6));

        Tensor[] Run(Func<Tensor, Tensor, Tensor> norm)
        {
            var (x, w) = (values.clone().requires_grad_(input), scale.clone().requires_grad_(weight));
            var output = norm(x, w);
            (output * above).sum().backward();
            return [output.detach(), .. ((Tensor[])[x, w]).Where(leaf => leaf.requires_grad).Select(leaf => leaf.grad!)];
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Dropout_zeroes_its_share_scales_the_rest_and_drops_the_same_of_the_gradient(ScalarType type)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var input = ones([40, 50, 64]).to(type).requires_grad_();
        var output = HashedDropout.Forward(input, Dropped, training: true);
        output.sum().backward();

        Assert.Equal(0, (output - input.grad!).abs().max().ToDouble());
        var zeros = (output == 0).to(ScalarType.Float32);
        Assert.Equal(Dropped, zeros.mean().ToDouble(), 0.01);
        // no row or column drops more than the others
        Assert.InRange(zeros.mean([0L, 1L]).std().ToDouble(), 0, 0.02);
        Assert.InRange(zeros.view(2000, 64).mean([1L]).std().ToDouble(), 0.04, 0.08);
        Assert.Equal(1, output.detach().to(ScalarType.Float32).mean().ToDouble(), 0.02);
    }

    [Fact]
    public void Dropout_depends_on_the_seed_alone()
    {
        using var scope = NewDisposeScope();
        var input = ones(8, 64);
        Assert.Equal(0, (Drop(1) - Drop(1)).abs().max().ToDouble());
        Assert.NotEqual(0, (Drop(1) - Drop(2)).abs().max().ToDouble());

        Tensor Drop(int seed)
        {
            manual_seed(seed);
            return HashedDropout.Forward(input, Dropped, training: true);
        }
    }

    [Fact]
    public void With_dropout_the_gradients_of_attention_and_join_are_those_of_the_same_mask()
    {
        Assert.SkipUnless(Vectors.IsSupported, "the processor has no AVX-512");
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var leaves = Enumerable.Range(0, 3).Select(_ => randn([1, 2, 9, 32], generator: generator).requires_grad_()).ToArray();
        var (weight, residual, direction) = (randn([64], generator: generator), randn([1, 9, 64], generator: generator), randn([1, 2, 9, 32], generator: generator));
        var above = randn([1, 9, 64], generator: generator);
        Value(leaves).backward();
        for (var index = 0; index < leaves.Length; index++)
        {
            // the difference quotient along a direction
            const double Step = 1e-2;
            double Moved(double step) => Value([.. leaves.Select((leaf, at) => at == index ? leaf.detach() + (direction * step) : leaf.detach())]).ToDouble();
            Assert.Equal((Moved(Step) - Moved(-Step)) / (2 * Step), (leaves[index].grad! * direction).sum().ToDouble(), 0.05);
        }

        Tensor Value(Tensor[] states)
        {
            manual_seed(9);
            var mixed = FusedAttention.Forward(states[0], states[1], states[2], null, 0.2, Dropped);
            return (NormJoin.Forward(residual, mixed, weight, weight, 1e-5, Dropped).Full * above).sum();
        }
    }

    private static void Compare(ScalarType type, Tensor[] inputs, Tensor above, Func<Tensor, Tensor, Tensor, Tensor> kernel, Func<Tensor, Tensor, Tensor, Tensor> operators)
    {
        foreach (var (wanted, found) in Run(operators).Zip(Run(kernel))) AssertClose(type, wanted, found);

        Tensor[] Run(Func<Tensor, Tensor, Tensor, Tensor> function)
        {
            Tensor[] leaves = [.. inputs.Select(input => input.detach().requires_grad_())];
            foreach (var leaf in leaves) leaf.grad?.zero_();
            var output = function(leaves[0], leaves[Math.Min(1, leaves.Length - 1)], leaves[^1]);
            (output * above).sum().backward();
            return [output.detach(), .. leaves.Select(leaf => leaf.grad!.clone())];
        }
    }

    private static void AssertClose(ScalarType type, Tensor wanted, Tensor found)
    {
        var tolerance = type == ScalarType.Float32 ? 1e-5 : 0.05;
        Assert.True(wanted.to(ScalarType.Float32).allclose(found.to(ScalarType.Float32), tolerance, tolerance));
    }
}
