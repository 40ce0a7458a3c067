namespace Spindle.Metrics.Paired;

/// <summary>The difference between two models on the same rows.</summary>
/// <param name="Difference">The difference of the metric.</param>
/// <param name="Probability">The two-sided p-value.</param>
/// <param name="Lower">The lower end of its confidence interval.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record RowEffect(double Difference, double Probability, double Lower, double Upper)
{
    /// <summary>The effect from bootstrap draws, with the interval between their percentiles.</summary>
    /// <param name="difference">The difference over all rows.</param>
    /// <param name="draws">The difference in each draw, at least one. Sorted on return.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    internal static RowEffect Of(double difference, double[] draws, double confidence)
    {
        Array.Sort(draws);
        // how often a draw lies on the other side of zero, counting both sides
        var (below, above) = (draws.Count(value => value <= 0), draws.Count(value => value >= 0));
        var probability = Math.Min(1, 2 * (Math.Min(below, above) + 1.0) / (draws.Length + 1));
        return new(difference, probability, Quantile(draws, (1 - confidence) / 2), Quantile(draws, (1 + confidence) / 2));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
