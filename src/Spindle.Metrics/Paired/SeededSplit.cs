namespace Spindle.Metrics.Paired;

/// <summary>The rows of a split with the predictions of two sides, each trained with several seeds.</summary>
/// <param name="First">For each seed of the first side, the split's metrics over its predictions for all rows. The difference is a mean over metrics and seeds.</param>
/// <param name="Second">The same for the second side, over the same rows in the same order.</param>
/// <param name="Weight">The weight of the split's difference in the sum over splits.</param>
public sealed record SeededSplit(IReadOnlyList<IReadOnlyList<IPairMetric>> First, IReadOnlyList<IReadOnlyList<IPairMetric>> Second, double Weight = 1)
{
    /// <summary>The number of rows.</summary>
    public int Rows => First[0][0].Count;

    /// <summary>Checks that there are seeds and metrics, and that all metrics are over the same number of rows.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal void Check()
    {
        IReadOnlyList<IPairMetric>[] seeds = [.. First, .. Second];
        if (First.Count == 0 || Second.Count == 0 || seeds.Any(metrics => metrics.Count == 0)) throw new ArgumentException("a split needs a seed of each side, and metrics");
        if (seeds.Any(metrics => metrics.Any(metric => metric.Count != Rows))) throw new ArgumentException("the seeds of a split were not scored on the same rows");
    }

    /// <summary>The weighted difference in one draw.</summary>
    /// <param name="first">How many times each seed of the first side counts.</param>
    /// <param name="second">How many times each seed of the second side counts.</param>
    /// <param name="rows">How many times each row counts.</param>
    internal double Difference(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<int> rows) => Weight * (Mean(First, first, rows) - Mean(Second, second, rows));

    private static double Mean(IReadOnlyList<IReadOnlyList<IPairMetric>> seeds, ReadOnlySpan<int> times, ReadOnlySpan<int> rows)
    {
        var (sum, count) = (0.0, 0);
        for (var seed = 0; seed < times.Length; seed++)
        {
            if (times[seed] == 0) continue;
            var score = 0.0;
            foreach (var metric in seeds[seed]) score += metric.Compute(rows);
            sum += times[seed] * score / seeds[seed].Count;
            count += times[seed];
        }
        return sum / count;
    }
}
