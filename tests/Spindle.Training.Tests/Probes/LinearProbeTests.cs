using Spindle.Data.Tasks;
using Spindle.Training.Evaluation;
using Spindle.Training.Probes;
using TorchSharp;
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
    public void Class_weights_move_the_start_near_to_where_the_weighted_loss_is_least()
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var (numbers, labels) = (new double[2000, 3], new double[2000]);
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = random.Next(10) == 0 ? 1 : 0;
            for (var input = 0; input < 3; input++) numbers[row, input] = random.NextDouble() + 0.2 * labels[row];
        }
        var (features, expected) = (tensor(numbers), tensor(labels));
        var task = new TaskDefinition("rare", TaskKind.Classification, ["common", "rare"], false, ["accuracy"], null);
        var weighted = LabelLogits.Of(task with { ClassWeights = [1, 9] });
        var start = weighted.Probe(features, labels);
        // a probe without weights would start at the first of these
        var (without, loss, twice) = (Loss(-Math.Log(9)), Loss(0), Loss(Math.Log(9)));
        Assert.True(loss < 0.8 * without && loss < 0.8 * twice, $"{loss} is not near the least: {without} without weights, {twice} with their squares");
        var plain = LabelLogits.Of(task).Probe(features, labels);
        Assert.Equal(Math.Log(9), (start.Bias - plain.Bias)[1].ToDouble(), 1e-9);
        Assert.Equal(0, (start.Bias - plain.Bias)[0].ToDouble(), 1e-9);
        Assert.Equal(Numbers(plain.Weight), Numbers(start.Weight));

        // with the logit of the rare label moved
        double Loss(double shift) =>
            weighted.Loss((features.mm(start.Weight.t()) + start.Bias + tensor((double[])[0, shift])).to(ScalarType.Float32), expected).ToDouble();

        static double[] Numbers(Tensor values) => values.contiguous().data<double>().ToArray();
    }

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
