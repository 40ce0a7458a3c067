namespace Spindle.Metrics.Paired;

/// <summary>Tests whether two models differ on rows that both predicted, for any metric, including those that are not means over rows (F1, Matthews, BLEU):
/// rows are sampled or exchanged, and scored again.</summary>
/// <param name="sets">The sets of rows, at least one. The difference is the weighted sum over the sets.</param>
public sealed class PairedRows(params IReadOnlyList<PairedSet> sets)
{
    private const int UsualDraws = 1000;

    /// <summary>The score of the first model minus that of the second.</summary>
    public double Difference => sets.Sum(set =>
    {
        var draw = new Draw(set.Rows);
        draw.Exchange(_ => false);
        return draw.Difference(set);
    });

    /// <summary>The paired bootstrap (Efron and Tibshirani 1993; Koehn 2004): rows of each set are sampled with replacement, the same rows for both models and in every run.</summary>
    /// <param name="draws">The number of draws, at least 1.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="stop">Stops at the next draw.</param>
    /// <exception cref="OperationCanceledException">The test was stopped.</exception>
    public RowEffect Bootstrap(int draws = UsualDraws, double confidence = 0.95, int seed = 0, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must be between 0 and 1");
        var drawn = Draws(draws, seed, (draw, random) => draw.Resample(random), stop);
        Array.Sort(drawn);
        // how often a draw lies on the other side of zero, counting both sides
        var (below, above) = (drawn.Count(value => value <= 0), drawn.Count(value => value >= 0));
        var probability = Math.Min(1, 2 * (Math.Min(below, above) + 1.0) / (draws + 1));
        return new(Difference, probability, Quantile(drawn, (1 - confidence) / 2), Quantile(drawn, (1 + confidence) / 2));
    }

    /// <summary>The paired permutation test (approximate randomisation, Noreen 1989): without a difference, the models' predictions for a row can be exchanged.</summary>
    /// <param name="draws">The number of draws, at least 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="stop">Stops at the next draw.</param>
    /// <exception cref="OperationCanceledException">The test was stopped.</exception>
    /// <returns>The difference and its two-sided p-value.</returns>
    public TestResult Permutation(int draws = UsualDraws, int seed = 0, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var difference = Difference;
        // sums in another order may differ in the last bits
        var asLarge = Draws(draws, seed, (draw, random) => draw.Exchange(_ => random.Next(2) == 0), stop).Count(value => Math.Abs(value) >= Math.Abs(difference) - 1e-12);
        return new(difference, (asLarge + 1.0) / (draws + 1));
    }

    private double[] Draws(int draws, int seed, Action<Draw, Random> next, CancellationToken stop)
    {
        var random = new Random(seed);
        var differences = new double[draws];
        foreach (var set in sets)
        {
            var draw = new Draw(set.Rows);
            for (var at = 0; at < draws; at++)
            {
                stop.ThrowIfCancellationRequested();
                next(draw, random);
                differences[at] += draw.Difference(set);
            }
        }
        return differences;
    }

    private static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }

    /// <summary>How many times each prediction counts on each side: first the predictions of the first model for all rows, then those of the second.</summary>
    private sealed class Draw(int rows)
    {
        private readonly int[] first = new int[2 * rows], second = new int[2 * rows];

        public void Resample(Random random)
        {
            Array.Clear(first);
            for (var drawn = 0; drawn < rows; drawn++) first[random.Next(rows)]++;
            first.AsSpan(0, rows).CopyTo(second.AsSpan(rows));
        }

        public void Exchange(Func<int, bool> exchanged)
        {
            for (var row = 0; row < rows; row++)
            {
                var own = exchanged(row) ? 0 : 1;
                (first[row], first[rows + row]) = (own, 1 - own);
                (second[row], second[rows + row]) = (1 - own, own);
            }
        }

        public double Difference(PairedSet set) => set.Difference(first, second);
    }
}

/// <summary>The difference between two models on the same rows.</summary>
/// <param name="Difference">The difference of the metric.</param>
/// <param name="Probability">The two-sided p-value.</param>
/// <param name="Lower">The lower end of its confidence interval.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record RowEffect(double Difference, double Probability, double Lower, double Upper);
