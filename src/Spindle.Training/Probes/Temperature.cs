namespace Spindle.Training.Probes;

/// <summary>The factor that turns a regression's predictions of labels into logits.</summary>
internal static class Temperature
{
    /// <summary>The largest factor: where every row is predicted right, the loss has no minimum.</summary>
    public const double Largest = 20;

    private const int Halvings = 50;

    /// <summary>The factor t from 0 to <see cref="Largest"/> with the least mean cross-entropy of the logits log pᵢ + t · dᵢ, which is convex in t.</summary>
    /// <param name="differences">For each row and label, the prediction less the label's share d.</param>
    /// <param name="labels">The label of each row.</param>
    /// <param name="shares">The share p of each label, above 0.</param>
    public static double Fit(double[][] differences, IReadOnlyList<int> labels, IReadOnlyList<double> shares)
    {
        double[] logarithms = [.. shares.Select(share => Math.Log(share))];
        var (low, high) = (0.0, Largest);
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (low + high) / 2;
            if (Slope(middle) > 0) high = middle;
            else low = middle;
        }
        return (low + high) / 2;

        // the derivative of the summed cross-entropy: the expected difference less that of the row's own label
        double Slope(double factor)
        {
            var slope = 0.0;
            for (var row = 0; row < differences.Length; row++)
            {
                var own = differences[row];
                var largest = double.NegativeInfinity;
                for (var label = 0; label < own.Length; label++) largest = Math.Max(largest, logarithms[label] + factor * own[label]);
                var (sum, weighted) = (0.0, 0.0);
                for (var label = 0; label < own.Length; label++)
                {
                    var weight = Math.Exp(logarithms[label] + factor * own[label] - largest);
                    sum += weight;
                    weighted += weight * own[label];
                }
                slope += weighted / sum - own[labels[row]];
            }
            return slope;
        }
    }
}
