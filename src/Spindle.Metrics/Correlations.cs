using MathNet.Numerics.Statistics;

namespace Spindle.Metrics;

/// <summary>Correlations of values. NaN if all labels or all predictions are equal, or if one is NaN, as in scipy.</summary>
public static class Correlations
{
    /// <summary>Pearson's correlation.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double Pearson(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Rows.Check(labels, predictions);
        return Constant(labels) || Constant(predictions) ? double.NaN : Math.Clamp(Correlation.Pearson(labels, predictions), -1, 1);
    }

    /// <summary>Spearman's rank correlation; ties share their mean rank.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double Spearman(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Rows.Check(labels, predictions);
        return labels.Any(double.IsNaN) || predictions.Any(double.IsNaN) ? double.NaN : Pearson(Ranks(labels), Ranks(predictions));
    }

    private static double[] Ranks(IReadOnlyList<double> values) => ArrayStatistics.RanksInplace([.. values], RankDefinition.Average);

    private static bool Constant(IReadOnlyList<double> values) => values.All(value => value == values[0]);

    /// <summary>Kendall's rank correlation τ-b, which allows for ties (Kendall 1945).</summary>
    /// <param name="first">The first values.</param>
    /// <param name="second">The second values, of the same number.</param>
    /// <returns>From −1 to 1; NaN if either does not vary.</returns>
    /// <exception cref="ArgumentException">There are no values, or the counts differ.</exception>
    public static double KendallTauB(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        Rows.Check(first, second);
        long agreeing = 0, ofFirst = 0, ofSecond = 0;
        for (var left = 0; left < first.Count; left++)
            for (var right = left + 1; right < first.Count; right++)
            {
                var (one, other) = (Math.Sign(first[left].CompareTo(first[right])), Math.Sign(second[left].CompareTo(second[right])));
                agreeing += one * other;
                if (one != 0) ofFirst++;
                if (other != 0) ofSecond++;
            }
        return ofFirst == 0 || ofSecond == 0 ? double.NaN : agreeing / (Math.Sqrt(ofFirst) * Math.Sqrt(ofSecond));
    }
}
