using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Spindle.Metrics;

/// <summary>Tests whether two series of scores differ.</summary>
public static class Significance
{
    private const int LongestExact = 50;

    /// <summary>The paired t-test, two-sided.</summary>
    /// <param name="scores">The scores, at least two.</param>
    /// <param name="others">The other scores, paired by position.</param>
    /// <exception cref="ArgumentException">There are fewer than two pairs, or the counts differ.</exception>
    public static TestResult PairedT(IReadOnlyList<double> scores, IReadOnlyList<double> others)
    {
        double[] differences = [.. Differences(scores, others)];
        var error = differences.StandardDeviation() / Math.Sqrt(differences.Length);
        var mean = differences.Mean();
        return FromT(error == 0 ? (mean == 0 ? double.NaN : mean > 0 ? double.PositiveInfinity : double.NegativeInfinity) : mean / error, differences.Length - 1);
    }

    /// <summary>The one-sided p-value of a paired t-test, for scores greater than the others.</summary>
    /// <param name="scores">The scores, at least two.</param>
    /// <param name="others">The other scores, paired by position.</param>
    /// <exception cref="ArgumentException">There are fewer than two pairs, or the counts differ.</exception>
    public static double PairedTGreater(IReadOnlyList<double> scores, IReadOnlyList<double> others)
    {
        var (statistic, probability) = PairedT(scores, others);
        return statistic > 0 ? probability / 2 : 1 - probability / 2;
    }

    /// <summary>Welch's t-test for series with different variances, two-sided.</summary>
    /// <param name="scores">The scores, at least two.</param>
    /// <param name="others">The other scores, at least two.</param>
    /// <exception cref="ArgumentException">A series has fewer than two scores.</exception>
    public static TestResult WelchT(IReadOnlyList<double> scores, IReadOnlyList<double> others)
    {
        if (scores.Count < 2 || others.Count < 2) throw new ArgumentException("the test needs at least two scores in each series", nameof(scores));
        var (a, b) = (scores.Variance() / scores.Count, others.Variance() / others.Count);
        var degrees = (a + b) * (a + b) / (a * a / (scores.Count - 1) + b * b / (others.Count - 1));
        return FromT((scores.Mean() - others.Mean()) / Math.Sqrt(a + b), degrees);
    }

    /// <summary>Wilcoxon's signed-rank test of pairs (Wilcoxon 1945), two-sided. Pairs that do not differ are left out; ties share their mean rank.
    /// Exact for up to 50 differing pairs, with or without ties; beyond that it uses the normal distribution. With ties or equal pairs, scipy is by default exact only up to 13 pairs.</summary>
    /// <param name="scores">The scores, at least two.</param>
    /// <param name="others">The other scores, paired by position.</param>
    /// <returns>The smaller rank sum and the p-value; NaN if no pair differs.</returns>
    /// <exception cref="ArgumentException">There are fewer than two pairs, or the counts differ.</exception>
    public static TestResult Wilcoxon(IReadOnlyList<double> scores, IReadOnlyList<double> others)
    {
        double[] differences = [.. Differences(scores, others).Where(difference => difference != 0)];
        if (differences.Length == 0 || differences.Any(double.IsNaN)) return new(0, double.NaN);
        // mean ranks are multiples of one half, so twice a rank is whole
        int[] ranks = [.. ArrayStatistics.RanksInplace([.. differences.Select(Math.Abs)], RankDefinition.Average).Select(rank => (int)Math.Round(2 * rank))];
        var positive = ranks.Where((_, index) => differences[index] > 0).Sum(rank => (long)rank);
        var total = ranks.Sum(rank => (long)rank);
        var smaller = Math.Min(positive, total - positive);
        return new(smaller / 2.0, ranks.Length <= LongestExact ? ExactRankSum(ranks, (int)total, (int)smaller) : NormalRankSum(ranks, total, smaller));
    }

    // the share of all sign choices whose sum is at least as far from the middle
    private static double ExactRankSum(int[] ranks, int total, int smaller)
    {
        // the number of subsets of the ranks by their sum
        var subsets = new double[total + 1];
        subsets[0] = 1;
        foreach (var rank in ranks)
            for (var sum = total; sum >= rank; sum--) subsets[sum] += subsets[sum - rank];
        return Math.Min(1, 2 * subsets.Take(smaller + 1).Sum() / Math.Pow(2, ranks.Length));
    }

    // each rank counts or does not, so the variance of the sum is a quarter of the sum of squared ranks, also with ties
    private static double NormalRankSum(int[] ranks, long total, long smaller) =>
        2 * Normal.CDF(0, 1, (smaller - total / 2.0) / Math.Sqrt(ranks.Sum(rank => (double)rank * rank) / 4));

    private static IEnumerable<double> Differences(IReadOnlyList<double> scores, IReadOnlyList<double> others)
    {
        if (scores.Count != others.Count) throw new ArgumentException($"{others.Count} scores are paired with {scores.Count}", nameof(others));
        if (scores.Count < 2) throw new ArgumentException("the test needs at least two pairs", nameof(scores));
        return scores.Zip(others, (score, other) => score - other);
    }

    private static TestResult FromT(double t, double degrees) => new(t,
        double.IsNaN(t) ? double.NaN : double.IsInfinity(t) ? 0 : 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(t)));
}

/// <summary>The result of a test.</summary>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="Probability">The two-sided p-value.</param>
public sealed record TestResult(double Statistic, double Probability);
