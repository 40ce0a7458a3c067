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
}
