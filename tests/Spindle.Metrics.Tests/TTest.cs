using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Spindle.Metrics.Tests;

/// <summary>Student's and Welch's t-tests of two series, two-sided: the reference for comparisons over several tasks.</summary>
internal static class TTest
{
    public static (double Statistic, double Probability) Paired(IReadOnlyList<double> scores, IReadOnlyList<double> others)
    {
        double[] differences = [.. scores.Zip(others, (score, other) => score - other)];
        return FromT(differences.Mean() / (differences.StandardDeviation() / Math.Sqrt(differences.Length)), differences.Length - 1);
    }

    /// <summary>The one-sided p-value for scores greater than the others.</summary>
    public static double PairedGreater(IReadOnlyList<double> scores, IReadOnlyList<double> others) =>
        Paired(scores, others) is (var statistic, var probability) && statistic > 0 ? probability / 2 : 1 - probability / 2;

    public static (double Statistic, double Probability) Welch(IReadOnlyList<double> scores, IReadOnlyList<double> others)
    {
        var (a, b) = (scores.Variance() / scores.Count, others.Variance() / others.Count);
        return FromT((scores.Mean() - others.Mean()) / Math.Sqrt(a + b), (a + b) * (a + b) / (a * a / (scores.Count - 1) + b * b / (others.Count - 1)));
    }

    private static (double Statistic, double Probability) FromT(double t, double degrees) =>
        (t, double.IsNaN(t) ? double.NaN : double.IsInfinity(t) ? 0 : 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(t)));
}
