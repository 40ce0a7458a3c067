using Spindle.Training.Probes;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Probes;

public class LinearProbeTests
{
    [Fact]
    public void Features_that_say_nothing_leave_the_share_of_each_label() => Gen.Int[0, 1000].Sample(
        seed =>
        {
            using var scope = NewDisposeScope();
            var random = new Random(seed);
            var (features, labels) = (new double[200, 3], new int[200]);
            for (var row = 0; row < labels.Length; row++)
            {
                labels[row] = random.Next(4) == 0 ? 1 : 0;
                for (var input = 0; input < 3; input++) features[row, input] = random.NextDouble();
            }
            var logits = Logits(features, labels, 2);
            var share = (labels.Count(label => label == 1) + 0.5) / 201;
            Assert.Equal(share, logits.Average(row => 1 / (1 + Math.Exp(row[0] - row[1]))), 0.05);
        },
        iter: 20);

    [Fact]
    public void Labels_that_the_features_separate_are_predicted_and_a_label_without_rows_is_the_least_likely()
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var (features, labels) = (new double[60, 4], new int[60]);
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = row % 3;
            for (var input = 0; input < 4; input++) features[row, input] = random.NextDouble() + (input == labels[row] ? 3 : 0);
        }
        foreach (var (logits, label) in Logits(features, labels, 4).Zip(labels))
        {
            Assert.Equal(label, Array.IndexOf(logits, logits.Max()));
            Assert.True(logits[3] < logits[label]);
            Assert.All(logits, logit => Assert.True(double.IsFinite(logit)));
        }
    }

    [Fact]
    public void It_is_finite_for_any_few_rows() => Gen.Select(Gen.Int[1, 6], Gen.Int[1, 8], Gen.Int[2, 4], Gen.Int[0, 1000]).Sample((rows, inputs, count, seed) =>
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var (features, labels) = (new double[rows, inputs], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            labels[row] = random.Next(count);
            for (var input = 0; input < inputs; input++) features[row, input] = random.Next(3);
        }
        Assert.All(Logits(features, labels, count).SelectMany(row => row), logit => Assert.True(double.IsFinite(logit)));
    });

    private static double[][] Logits(double[,] features, int[] labels, int count)
    {
        var map = LinearProbe.OfLabels(tensor(features), labels, count);
        var flat = tensor(features).mm(map.Weight.t()).add(map.Bias, 1).contiguous().data<double>().ToArray();
        return [.. flat.Chunk(count)];
    }
}
