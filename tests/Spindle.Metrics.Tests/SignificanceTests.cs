namespace Spindle.Metrics.Tests;

/// <summary>Tests of significance.</summary>
public class SignificanceTests
{
    private static readonly Gen<(double, double)[]> Pairs = Gen.Select(Gen.Int[0, 800], Gen.Int[0, 800], (a, b) => (a / 8.0, b / 8.0)).Array[3, 10];

    [Fact]
    public void Students_test_of_two_pairs_is_that_of_Cauchys_distribution()
    {
        // differences 1 and 3: t = 2 with one degree of freedom, whose distribution function is known in closed form
        var result = Significance.PairedT([2, 5], [1, 2]);
        Assert.Equal(2, result.Statistic, 12);
        Assert.Equal(1 - 2 * Math.Atan(2) / Math.PI, result.Probability, 12);
    }

    [Fact]
    public void Welchs_test_of_equal_variances_and_counts_is_Students()
    {
        // variances 1 and 1, three each: t = −4 / sqrt(2/3) with four degrees of freedom
        var result = Significance.WelchT([1, 2, 3], [5, 6, 7]);
        var t = 4 / Math.Sqrt(2.0 / 3);
        var root = Math.Sqrt(4 + t * t);
        Assert.Equal(-t, result.Statistic, 12);
        Assert.Equal(1 - t * (t * t + 6) / (root * root * root), result.Probability, 12);
    }

    [Fact]
    public void Wilcoxons_probability_is_that_of_all_signs_counted() =>
        // of few values, so that ties and pairs that do not differ are usual
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], (a, b) => (a / 2.0, b / 2.0)).Array[2, 10].Sample(pairs =>
    {
        var (a, b) = Split(pairs);
        double[] differences = [.. a.Zip(b, (x, y) => x - y).Where(difference => difference != 0)];
        var result = Significance.Wilcoxon(a, b);
        if (differences.Length == 0)
        {
            Assert.Equal(new TestResult(0, double.NaN), result);
            return;
        }
        double[] ranks = [.. differences.Select(difference => differences.Count(other => Math.Abs(other) < Math.Abs(difference)) + (differences.Count(other => Math.Abs(other) == Math.Abs(difference)) + 1) / 2.0)];
        var positive = ranks.Where((_, index) => differences[index] > 0).Sum();
        var smaller = Math.Min(positive, ranks.Sum() - positive);
        var asExtreme = Enumerable.Range(0, 1 << ranks.Length).Count(signs => ranks.Where((_, index) => (signs >> index & 1) == 1).Sum() <= smaller);
        Assert.Equal(smaller, result.Statistic);
        Assert.Equal(Math.Min(1, 2.0 * asExtreme / (1 << ranks.Length)), result.Probability, 12);
        Assert.Equal(result, Significance.Wilcoxon(b, a));
    });

    [Fact]
    public void Wilcoxons_probability_of_many_pairs_is_the_normal_distributions()
    {
        // 60 unlike differences of which the 20 smallest are negative: the sum is 210, its mean 915, its variance 60 * 61 * 121 / 24
        double[] scores = [.. Enumerable.Range(1, 60).Select(rank => rank <= 20 ? -rank / 8.0 : rank / 8.0)];
        var result = Significance.Wilcoxon(scores, new double[60]);
        Assert.Equal(210, result.Statistic);
        Assert.Equal(-705 / Math.Sqrt(60 * 61 * 121 / 24.0), MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, result.Probability / 2), 1e-9);
        // with all differences alike the sum counts heads of 60 coins: 30 ± sqrt(15)
        double[] alike = [.. Enumerable.Range(0, 60).Select(pair => pair < 20 ? -1.0 : 1)];
        Assert.Equal(-10 / Math.Sqrt(15), MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, Significance.Wilcoxon(alike, new double[60]).Probability / 2), 1e-9);
    }

    [Fact]
    public void Exchanging_the_series_turns_the_sign_and_leaves_the_probability() => Pairs.Sample(pairs =>
    {
        var (a, b) = Split(pairs);
        foreach (var test in new Func<double[], double[], TestResult>[] { Significance.PairedT, Significance.WelchT })
        {
            var (one, other) = (test(a, b), test(b, a));
            Assert.Equal(-one.Statistic, other.Statistic, 9);
            Assert.Equal(one.Probability, other.Probability, 9);
            if (!double.IsNaN(one.Statistic)) Assert.InRange(one.Probability, 0, 1);
        }
    });

    [Fact]
    public void Equal_series_say_nothing_and_a_constant_gain_says_all()
    {
        Assert.Equal(double.NaN, Significance.PairedT([1, 2, 3], [1, 2, 3]).Probability);
        Assert.Equal(new TestResult(double.PositiveInfinity, 0), Significance.PairedT([2, 3, 4], [1, 2, 3]));
        Assert.Equal(double.NaN, Significance.WelchT([1, 1], [1, 1]).Probability);
        Assert.Equal(new TestResult(double.NegativeInfinity, 0), Significance.WelchT([1, 1], [2, 2]));
    }

    [Fact]
    public void What_no_test_can_judge_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Significance.PairedT([1], [2]));
        Assert.Throws<ArgumentException>(() => Significance.PairedT([1, 2], [2, 3, 4]));
        Assert.Throws<ArgumentException>(() => Significance.WelchT([1, 2], [3]));
        Assert.Throws<ArgumentException>(() => Significance.Wilcoxon([1], [2]));
    }

    private static (double[], double[]) Split((double, double)[] pairs) => ([.. pairs.Select(pair => pair.Item1)], [.. pairs.Select(pair => pair.Item2)]);
}
