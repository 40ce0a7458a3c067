using Spindle.Models.Parameters;
using Spindle.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Optimization;

public class FlatAdamWTests
{
    private static readonly long[][] Shapes = [[3, 4], [5], [1, 2, 3], []];

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.3)]
    public void Every_step_equals_that_of_PyTorchs_AdamW(double weightDecay)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        using var buffer = Buffer(generator);
        Parameter[] twins = [.. buffer.Parameters.Select(parameter => new Parameter(parameter.Value.detach().clone()))];
        using var matrices = optim.AdamW(twins.Where(twin => twin.dim() > 1), lr: 1, weight_decay: weightDecay);
        using var vectors = optim.AdamW(twins.Where(twin => twin.dim() <= 1), lr: 1, weight_decay: 0);
        using var flat = new FlatAdamW(buffer, weightDecay);
        for (var step = 0; step < 60; step++)
        {
            // gradients of every size, now and then none at all; a learning rate that warms up from 0
            using var inner = NewDisposeScope();
            var gradient = randn(buffer.Gradients.shape, generator: generator) * (step % 7 == 3 ? 0 : Math.Pow(10, step % 5 - 3));
            var rate = step < 5 ? 0.02 * step : 0.1 / step;
            using (no_grad()) buffer.Gradients.copy_(gradient);
            for (var index = 0; index < twins.Length; index++) twins[index].grad = buffer.Parameters[index].Value.grad!.clone();
            foreach (var group in matrices.ParamGroups.Concat(vectors.ParamGroups)) group.LearningRate = rate;
            flat.Step(rate);
            matrices.step();
            vectors.step();
            for (var index = 0; index < twins.Length; index++)
            {
                var difference = (twins[index] - buffer.Parameters[index].Value).abs().max().ToDouble();
                Assert.True(difference <= 1e-6, $"step {step}, {buffer.Parameters[index].Name}: off by {difference:G3}");
            }
            Assert.True(buffer.Gradients.equal(gradient).all().ToBoolean());
        }
    }

    [Fact]
    public void Weight_decay_shrinks_matrices_without_gradient_and_none_leaves_them()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        using var buffer = Buffer(generator);
        var before = buffer.Values.clone();
        using (var still = new FlatAdamW(buffer, 0)) still.Step(0.5);
        Assert.True(buffer.Values.equal(before).all().ToBoolean());
        using (var decaying = new FlatAdamW(buffer, 0.1)) decaying.Step(0.5);
        var wanted = cat([.. buffer.Parameters.Select((parameter, index) =>
            before.narrow(0, buffer.Parameters.Take(index).Sum(other => other.Count), parameter.Count) * (parameter.Shape.Count > 1 ? 0.95 : 1))]);
        Assert.True((buffer.Values - wanted).abs().max().ToDouble() < 1e-6);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlatAdamW(buffer, -0.1));
    }

    private static ParameterBuffer Buffer(Generator generator) => new(
        [.. Shapes.Select((shape, index) => new TrainedParameter($"p{index}", shape, target => target.copy_(randn(target.shape, generator: generator))))], CPU);
}
