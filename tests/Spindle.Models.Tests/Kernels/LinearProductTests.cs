using Spindle.Models.Kernels;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Kernels;

/// <summary>Linear maps with oneDNN's float32 products, against libtorch's own.</summary>
public sealed class LinearProductTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void A_large_float32_product_and_its_gradients_equal_those_of_libtorch(bool input, bool weight, bool bias)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var (values, kernel, shift) = (randn([2, 65, 96], generator: generator), randn([256, 96], generator: generator), randn([256], generator: generator));
        var above = randn([2, 65, 256], generator: generator);
        var expected = Run((x, w, b) => nn.functional.linear(x, w, b));
        var actual = Run(LinearProduct.Linear);

        Assert.Equal(expected.Count, actual.Count);
        foreach (var (wanted, found) in expected.Zip(actual)) Assert.True(wanted.allclose(found, Tolerance, Tolerance));

        List<Tensor> Run(Func<Tensor, Tensor, Tensor?, Tensor> linear)
        {
            Tensor[] leaves = [values.clone(), kernel.clone(), shift.clone()];
            bool[] trained = [input, weight, bias];
            foreach (var (index, leaf) in leaves.Index()) leaf.requires_grad = trained[index];
            var output = linear(leaves[0], leaves[1], leaves[2]);
            (output * above).sum().backward();
            return [output.detach(), .. leaves.Where(leaf => leaf.requires_grad).Select(leaf => leaf.grad!)];
        }
    }

    [Fact]
    public void A_product_without_gradient_or_bias_equals_that_of_libtorch()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (values, kernel) = (randn(130, 96), randn(256, 96));
        Assert.True(nn.functional.linear(values, kernel).allclose(LinearProduct.Linear(values, kernel, null), Tolerance, Tolerance));
    }
}
