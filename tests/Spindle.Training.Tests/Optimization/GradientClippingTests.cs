using Spindle.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Optimization;

public class GradientClippingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.01, 1)]
    [InlineData(1000, 1)]
    [InlineData(1, 0.001)]
    [InlineData(1e-12, 1e-9)]
    [InlineData(0, 1)]
    public void Gradients_and_norm_equal_those_of_PyTorchs_clipping(double scale, double largest)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var gradient = randn([40], generator: generator) * scale;
        Parameter[] parts = [.. new[] { (0, 25), (25, 15) }.Select(part => new Parameter(zeros(part.Item2)) { grad = gradient.narrow(0, part.Item1, part.Item2).clone() })];
        var wanted = nn.utils.clip_grad_norm_(parts, largest);
        var norm = GradientClipping.Clip(gradient, largest).ToDouble();
        Assert.Equal(wanted, norm, 1e-6 * Math.Max(wanted, 1e-6));
        var difference = (cat([.. parts.Select(part => part.grad!)]) - gradient).abs().max().ToDouble();
        Assert.True(difference <= 1e-6 * Math.Min(scale, largest), $"off by {difference:G3}");
        Assert.True(gradient.norm().ToDouble() <= largest * (1 + 1e-6));
    }

    [Fact]
    public void Zero_leaves_gradients_unchanged_and_still_returns_the_norm()
    {
        using var scope = NewDisposeScope();
        var gradient = tensor(new[] { 300f, -400f });
        Assert.Equal(500, GradientClipping.Clip(gradient, 0).ToDouble(), 1e-9);
        Assert.Equal([300f, -400f], gradient.data<float>().ToArray());
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(0.37)]
    [InlineData(1)]
    [InlineData(5)]
    public void The_scale_on_the_device_is_the_same_to_the_last_bit_as_one_computed_on_the_host(double largest)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7, CPU);
        for (var draw = 0; draw < 50; draw++)
        {
            var gradient = randn([1000], generator: generator) * (0.002 * (draw + 1));
            var expected = gradient.clone();
            if (largest / (gradient.norm().ToDouble() + 1e-6) is var factor and < 1) expected.mul_(factor);
            GradientClipping.Clip(gradient, largest);
            Assert.Equal(expected.data<float>().ToArray(), gradient.data<float>().ToArray());
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_has_a_norm_that_is_not(float value)
    {
        using var scope = NewDisposeScope();
        Assert.False(double.IsFinite(GradientClipping.Clip(tensor(new[] { 1f, value }), 1).ToDouble()));
    }
}
