using Spindle.Models.Parameters;
using Spindle.Training.Optimization;
using Spindle.Training.Settings;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Optimization;

public class LearningRateFactorsTests
{
    private static readonly TrainingSettings Settings = new() { LearningRate = 1e-3, LearningRates = new(KeyValuePair.Create("bitfit", 4e-3)), HeadLearningRate = 2e-3 };

    [Fact]
    public void A_strategy_changes_with_the_rate_of_the_run_and_the_head_keeps_its_own()
    {
        Assert.Equal([1, 4, 2], LearningRateFactors.Compute(["lora", "bitfit", null], Settings, 1e-3)!);
        Assert.Equal([1, 4, 0.5], LearningRateFactors.Compute(["lora", "bitfit", null], Settings, 4e-3)!);
        Assert.Null(LearningRateFactors.Compute(["lora", null], new(), 4e-3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void One_step_with_factors_equals_single_steps_at_those_rates(double weightDecay)
    {
        float[] together = Step(weightDecay, 1e-2, [1, 4, 0.5]);
        Assert.Equal(Step(weightDecay, 1e-2, null)[..6], together[..6]);
        Close(Step(weightDecay, 4e-2, null)[6..12], together[6..12]);
        Close(Step(weightDecay, 5e-3, null)[12..], together[12..]);
    }

    private static void Close(float[] expected, float[] actual)
    {
        foreach (var (one, other) in expected.Zip(actual)) Assert.Equal(one, other, 1e-6f);
    }

    private static float[] Step(double weightDecay, double rate, IReadOnlyList<double>? factors)
    {
        using var random = new InitialValues(3);
        using var buffer = new ParameterBuffer([.. new[] { "a", "b", "c" }.Select(name => new TrainedParameter(name, [2, 3], random.Normal(1)))], CPU);
        using var optimizer = new FlatAdamW(buffer, weightDecay, factors);
        using (var scope = NewDisposeScope())
            buffer.Gradients.copy_(arange(-9, 9, dtype: ScalarType.Float32));
        optimizer.Step(rate);
        return buffer.Values.data<float>().ToArray();
    }
}
