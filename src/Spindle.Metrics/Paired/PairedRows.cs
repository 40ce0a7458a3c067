namespace Spindle.Metrics.Paired;

/// <summary>Tests of whether two models differ on the rows that both predicted, for any metric, also one that is no mean over rows (F1, Matthews, BLEU):
/// rows are drawn or exchanged and scored anew.</summary>
/// <param name="sets">The sets of rows, at least one; the difference is the weighted sum of theirs.</param>
public sealed class PairedRows(params IReadOnlyList<PairedSet> sets)
{
    private const int UsualDraws = 1000;

    /// <summary>How much more the one model scores than the other.</summary>
    public double Difference => sets.Sum(set =>
    {
        var draw = new Draw(set.Rows);
        draw.Exchange(_ => false);
        return draw.Difference(set);
    });

    /// <summary>The paired bootstrap (Efron and Tibshirani 1993; Koehn 2004): rows of each set are drawn with replacement, the same for both and in every run.</summary>
    /// <param name="draws">Draws, at least 1.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="stop">Stops at the next draw.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RowEffect Bootstrap(int draws = UsualDraws, double confidence = 0.95, int seed = 0, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must be between 0 and 1");
        var drawn = Draws(draws, seed, (draw, random) => draw.Resample(random), stop);
        Array.Sort(drawn);
        // how often a draw lies on the other side of none, both sides counted
        var (below, above) = (drawn.Count(value => value <= 0), drawn.Count(value => value >= 0));
        var probability = Math.Min(1, 2 * (Math.Min(below, above) + 1.0) / (draws + 1));
        return new(Difference, probability, Quantile(drawn, (1 - confidence) / 2), Quantile(drawn, (1 + confidence) / 2));
    }

    /// <summary>The paired permutation test (approximate randomisation, Noreen 1989): where there is no difference, the models' predictions of a row may be exchanged.</summary>
    /// <param name="draws">Draws, at least 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="stop">Stops at the next draw.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <returns>The difference, and the two-sided probability of one as large.</returns>
    public TestResult Permutation(int draws = UsualDraws, int seed = 0, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var difference = Difference;
        // a sum in another order may differ in its last bits
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

    /// <summary>How many times each prediction counts on either side: the one model's of all rows, then the other's.</summary>
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

/// <summary>A difference of two models on the same rows.</summary>
/// <param name="Difference">The difference of the metric.</param>
/// <param name="Probability">The two-sided probability of such a one where there is none.</param>
/// <param name="Lower">The lower end of its confidence interval.</param>
/// <param name="Upper">The upper end.</param>
public sealed record RowEffect(double Difference, double Probability, double Lower, double Upper);
