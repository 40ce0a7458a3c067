namespace Spindle.Metrics;

/// <summary>Tests of whether two models differ on the rows that both predicted, for any metric, also one that is no mean over rows (F1, Matthews, BLEU): rows are drawn or exchanged and scored anew.</summary>
/// <typeparam name="TLabel">What is to be predicted of a row.</typeparam>
/// <param name="metric">The metric, of labels and as many predictions.</param>
/// <param name="labels">The labels, at least one.</param>
public sealed class PairedRows<TLabel>(Func<IReadOnlyList<TLabel>, IReadOnlyList<TLabel>, double> metric, IReadOnlyList<TLabel> labels)
{
    private const int UsualDraws = 1000;

    /// <summary>The paired bootstrap (Efron and Tibshirani 1993; Koehn 2004): rows are drawn with replacement, the same for both.</summary>
    /// <param name="predictions">One model's predictions.</param>
    /// <param name="others">The other's.</param>
    /// <param name="draws">Draws, at least 1.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="ArgumentException">The counts differ, or there is no row.</exception>
    public RowEffect Bootstrap(IReadOnlyList<TLabel> predictions, IReadOnlyList<TLabel> others, int draws = UsualDraws, double confidence = 0.95, int seed = 0)
    {
        Check(predictions, others, draws);
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must be between 0 and 1");
        var random = new Random(seed);
        var difference = metric(labels, predictions) - metric(labels, others);
        var (drawn, rows) = (new double[draws], new int[labels.Count]);
        for (var draw = 0; draw < draws; draw++)
        {
            for (var row = 0; row < rows.Length; row++) rows[row] = random.Next(rows.Length);
            TLabel[] wanted = [.. rows.Select(row => labels[row])];
            drawn[draw] = metric(wanted, [.. rows.Select(row => predictions[row])]) - metric(wanted, [.. rows.Select(row => others[row])]);
        }
        Array.Sort(drawn);
        // how often a draw lies on the other side of none, both sides counted
        var (below, above) = (drawn.Count(value => value <= 0), drawn.Count(value => value >= 0));
        var probability = Math.Min(1, 2 * (Math.Min(below, above) + 1.0) / (draws + 1));
        return new(difference, probability, Quantile(drawn, (1 - confidence) / 2), Quantile(drawn, (1 + confidence) / 2));
    }

    /// <summary>The paired permutation test (approximate randomisation, Noreen 1989): where there is no difference, the models' predictions of a row may be exchanged.</summary>
    /// <param name="predictions">One model's predictions.</param>
    /// <param name="others">The other's.</param>
    /// <param name="draws">Draws, at least 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <returns>The difference of the metric, and the two-sided probability of one as large.</returns>
    /// <exception cref="ArgumentException">The counts differ, or there is no row.</exception>
    public TestResult Permutation(IReadOnlyList<TLabel> predictions, IReadOnlyList<TLabel> others, int draws = UsualDraws, int seed = 0)
    {
        Check(predictions, others, draws);
        var random = new Random(seed);
        var difference = metric(labels, predictions) - metric(labels, others);
        var (first, second) = (predictions.ToArray(), others.ToArray());
        var asLarge = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            for (var row = 0; row < first.Length; row++)
                (first[row], second[row]) = random.Next(2) == 0 ? (predictions[row], others[row]) : (others[row], predictions[row]);
            // a sum in another order may differ in its last bits
            if (Math.Abs(metric(labels, first) - metric(labels, second)) >= Math.Abs(difference) - 1e-12) asLarge++;
        }
        return new(difference, (asLarge + 1.0) / (draws + 1));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }

    private void Check(IReadOnlyList<TLabel> predictions, IReadOnlyList<TLabel> others, int draws)
    {
        Rows.Check(labels, predictions);
        Rows.Check(labels, others);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
    }
}

/// <summary>A difference of two models on the same rows.</summary>
/// <param name="Difference">The difference of the metric.</param>
/// <param name="Probability">The two-sided probability of such a one where there is none.</param>
/// <param name="Lower">The lower end of its confidence interval.</param>
/// <param name="Upper">The upper end.</param>
public sealed record RowEffect(double Difference, double Probability, double Lower, double Upper);
