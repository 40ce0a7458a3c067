using Spindle.Data.Tasks;
using Spindle.Models.Heads;
using Spindle.Models.Numerics;
using Spindle.Training.Probes;
using static TorchSharp.torch;

namespace Spindle.Training.Evaluation;

/// <summary>The meaning of a task's logits: the loss that trains them, and the prediction that is read from them.</summary>
public abstract class LabelLogits
{
    /// <summary>The logits of a task, with cross-entropy over its labels or the squared error of its value as the loss.</summary>
    public static LabelLogits Of(TaskDefinition task) => task.Kind switch
    {
        TaskKind.Classification => new CrossEntropy(task.Labels.Count, task.ClassWeights),
        TaskKind.Regression => new SquaredError(task.Range ?? new ScoreRange(0, 1)),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task.Kind, "this kind of task has no logits"),
    };

    /// <summary>The number of logits per row.</summary>
    public abstract int Outputs { get; }

    /// <summary>The mean loss of a batch, a scalar.</summary>
    /// <param name="logits"><c>[batch, outputs]</c>, float32.</param>
    /// <param name="labels"><c>[batch]</c>, float64.</param>
    public abstract Tensor Loss(Tensor logits, Tensor labels);

    /// <summary>The weight of a row in <see cref="Loss"/>.</summary>
    /// <param name="label">The row's class index or value.</param>
    public virtual double Weight(double label) => 1;

    /// <summary>The prediction of one row: a class index or a value.</summary>
    public abstract double Predict(ReadOnlySpan<float> logits);

    /// <summary>The probability of each label of one row; empty for a regression.</summary>
    public abstract double[] Probabilities(ReadOnlySpan<float> logits);

    /// <summary>The linear map from features to logits that answers the rows best, see <see cref="LinearProbe"/>. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="features">The features of each row, <c>[rows, features]</c>.</param>
    /// <param name="labels">The class index or value of each row.</param>
    /// <exception cref="InvalidDataException">A feature is not finite.</exception>
    internal abstract LinearMap Probe(Tensor features, IReadOnlyList<double> labels);

    private sealed class CrossEntropy(int labels, IReadOnlyList<double>? weights) : LabelLogits
    {
        // a label without weight still has a finite logit
        private const double SmallestWeight = 1e-6;

        private Tensor? uploaded;

        public override int Outputs => labels;

        // the mean over the rows' weights, not over the rows
        public override Tensor Loss(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels.to(ScalarType.Int64), WeightsOn(logits.device));

        // uploaded once, because a copy to a GPU at every step would wait for it
        private Tensor? WeightsOn(Device device)
        {
            if (weights is null) return null;
            if (uploaded?.device_type != device.type || uploaded.device_index != device.index) uploaded = tensor(weights.Select(value => (float)value).ToArray(), device: device).DetachFromDisposeScope();
            return uploaded;
        }

        public override double Weight(double label) => weights?[(int)label] ?? 1;

        public override double Predict(ReadOnlySpan<float> logits)
        {
            var best = 0;
            for (var label = 1; label < logits.Length; label++)
                if (logits[label] > logits[best]) best = label;
            return best;
        }

        public override double[] Probabilities(ReadOnlySpan<float> logits)
        {
            var probabilities = new double[logits.Length];
            var largest = double.NegativeInfinity;
            foreach (var logit in logits) largest = Math.Max(largest, logit);
            for (var label = 0; label < logits.Length; label++) probabilities[label] = Math.Exp(logits[label] - largest);
            var sum = probabilities.Sum();
            return Array.ConvertAll(probabilities, share => share / sum);
        }

        // where the probe's probabilities are right, the weighted loss is least at the same probabilities times the weights
        internal override LinearMap Probe(Tensor features, IReadOnlyList<double> rows)
        {
            var map = LinearProbe.OfLabels(features, [.. rows.Select(row => (int)row)], labels);
            if (weights is null) return map;
            using var shift = tensor([.. weights.Select(weight => Math.Log(Math.Max(weight, SmallestWeight)))]);
            return map with { Bias = map.Bias.Plus(shift) };
        }
    }

    /// <summary>Values are trained on a scale from −1 to 1, so that a head initialized to zero predicts the middle of the range.</summary>
    private sealed class SquaredError(ScoreRange range) : LabelLogits
    {
        private readonly double middle = (range.Minimum + range.Maximum) / 2;
        private readonly double half = (range.Maximum - range.Minimum) / 2;

        public override int Outputs => 1;

        public override Tensor Loss(Tensor logits, Tensor labels) =>
            nn.functional.mse_loss(logits.squeeze(-1), labels.Plus(-middle).Times(1 / half).to(ScalarType.Float32));

        public override double Predict(ReadOnlySpan<float> logits) => logits[0] * half + middle;

        public override double[] Probabilities(ReadOnlySpan<float> logits) => [];

        internal override LinearMap Probe(Tensor features, IReadOnlyList<double> rows) => LinearProbe.OfValues(features, [.. rows.Select(row => (row - middle) / half)]);
    }
}
