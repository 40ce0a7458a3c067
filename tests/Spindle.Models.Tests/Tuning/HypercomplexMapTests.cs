using Spindle.Models.Parameters;
using Spindle.Models.Tuning.Compacter;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Tuning;

public class HypercomplexMapTests
{
    [Theory]
    [InlineData(1, 6, 4, 1)]
    [InlineData(2, 6, 4, 1)]
    [InlineData(3, 6, 12, 2)]
    [InlineData(4, 32, 8, 3)]
    [InlineData(4, 8, 32, 3)]
    public void The_weight_is_the_sum_of_the_rules_kronecker_products_with_the_low_rank_factors(int n, int inputs, int outputs, int rank)
    {
        using var scope = NewDisposeScope();
        using var random = new InitialValues(5);
        TrainedParameter Declared(string name, params long[] shape) => new(name, shape, random.Normal(1));
        var (rules, left, right) = (Declared("rules", n, n, n), Declared("left", n, inputs / n, rank), Declared("right", n, rank, outputs / n));
        var bias = Declared("bias", outputs);
        using var buffer = new ParameterBuffer([rules, left, right, bias], CPU);
        using var noGrad = no_grad();

        // element by element, as Karimi Mahabadi et al. 2021 write it
        var weight = new float[inputs, outputs];
        var (a, s, t) = (rules.Value.data<float>(), left.Value.data<float>(), right.Value.data<float>());
        var (rows, columns) = (inputs / n, outputs / n);
        for (var input = 0; input < inputs; input++)
            for (var output = 0; output < outputs; output++)
                for (var i = 0; i < n; i++)
                    for (var k = 0; k < rank; k++)
                        weight[input, output] += a[(i * n + input / rows) * n + output / columns]
                            * s[(i * rows + input % rows) * rank + k] * t[(i * rank + k) * columns + output % columns];

        var x = eye(inputs);
        var expected = tensor(weight) + bias.Value;
        var actual = new HypercomplexMap(rules, left, right, bias).Apply(x);
        Assert.Equal([inputs, outputs], actual.shape);
        Assert.True((actual - expected).abs().max().item<float>() < 1e-4, "the map is not what its factors say");
    }
}
