using Spindle.Metrics.Comparisons;

namespace Spindle.Metrics.Tests;

/// <summary>The t-tests, against distributions that are known in closed form.</summary>
public class TTestTests
{
    [Fact]
    public void Students_test_of_two_pairs_is_that_of_Cauchys_distribution()
    {
        // differences 1 and 3: t = 2 with one degree of freedom
        var (t, probability) = TTest.Paired([2, 5], [1, 2]);
        Assert.Equal(2, t, 12);
        Assert.Equal(1 - 2 * Math.Atan(2) / Math.PI, probability, 12);
        Assert.Equal(probability, SideDifference.Paired([new([2, 5], [1, 2])]).Probability!.Value, 12);
    }

    [Fact]
    public void Welchs_test_of_equal_variances_and_counts_is_Students()
    {
        // variances 1 and 1, three each: t = −4 / sqrt(2/3) with four degrees of freedom
        var (statistic, probability) = TTest.Welch([1, 2, 3], [5, 6, 7]);
        var t = 4 / Math.Sqrt(2.0 / 3);
        var root = Math.Sqrt(4 + t * t);
        Assert.Equal(-t, statistic, 12);
        Assert.Equal(1 - t * (t * t + 6) / (root * root * root), probability, 12);
        Assert.Equal(probability, SideDifference.Unpaired([new([1, 2, 3], [5, 6, 7])]).Probability!.Value, 12);
    }

    [Fact]
    public void Exchanging_the_series_changes_the_sign_and_not_the_probability() =>
        Gen.Select(Gen.Int[0, 800], Gen.Int[0, 800], (a, b) => (First: a / 8.0, Second: b / 8.0)).Array[3, 10].Sample(pairs =>
    {
        TaskScores one = new([.. pairs.Select(pair => pair.First)], [.. pairs.Select(pair => pair.Second)]), other = new(one.Second, one.First);
        foreach (var test in new Func<TaskScores, SideDifference>[] { scores => SideDifference.Paired([scores]), scores => SideDifference.Unpaired([scores]) })
        {
            var (difference, exchanged) = (test(one), test(other));
            Assert.Equal(-difference.Estimate, exchanged.Estimate, 9);
            Assert.Equal(difference.Probability is null, exchanged.Probability is null);
            if (difference.Probability is not { } probability) continue;
            Assert.Equal(probability, exchanged.Probability!.Value, 9);
            Assert.InRange(probability, 0, 1);
        }
    });
}
