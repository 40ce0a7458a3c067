using MathNet.Numerics.Distributions;
using Spindle.Metrics.Comparisons;

namespace Spindle.Metrics.Tests.Comparisons;

/// <summary>The difference of two sides over tasks and seeds.</summary>
public class SideDifferenceTests
{
    private static readonly Gen<PairedTaskScores> Task = Gen.Select(Gen.Int[0, 800].Array[2, 6], Gen.Int[-40, 40].Array[6], (scores, added) =>
        new PairedTaskScores([.. scores.Select(score => score / 8.0)], [.. scores.Select((score, seed) => (score - added[seed]) / 8.0)]));

    // with some variance of either kind
    private static readonly Gen<PairedTaskScores[]> Tasks = Task.Array[1, 5].Where(tasks => !SideDifference.Paired(tasks).HasZeroVariance && !SideDifference.Unpaired(tasks).HasZeroVariance);

    [Fact]
    public void On_one_task_paired_seeds_give_the_paired_t_test() => Tasks.Select(tasks => tasks[0]).Sample(task =>
    {
        if (SideDifference.Paired([task]).HasZeroVariance) return;
        var difference = SideDifference.Paired([task]);
        Assert.Equal(Significance.PairedT(task.First, task.Second).Probability, difference.Probability!.Value, 1e-9);
        Assert.Equal(task.First.Count - 1, difference.DegreesOfFreedom!.Value, 1e-9);
    }, iter: 200);

    [Fact]
    public void On_one_task_unpaired_seeds_give_Welchs_test() => Gen.Select(Task, Task).Sample((one, other) =>
    {
        var (first, second) = (one.First, other.Second);
        if (SideDifference.Unpaired([new(first, second)]).HasZeroVariance) return;
        var difference = SideDifference.Unpaired([new(first, second)]);
        var (t, probability) = Significance.WelchT(first, second);
        Assert.Equal(t, difference.Estimate / difference.StandardError!.Value, 1e-6 * Math.Max(1, Math.Abs(t)));
        Assert.Equal(probability, difference.Probability!.Value, 1e-9);
    }, iter: 200);

    [Fact]
    public void Tasks_with_equal_variances_add_their_degrees_of_freedom()
    {
        // three tasks of two seeds with the differences 0 and 2: variance 2 each, error √(3 · 2 / 2) / 3
        var difference = SideDifference.Paired([.. Enumerable.Repeat(new PairedTaskScores([10, 12], [10, 10]), 3)]);
        Assert.Equal((1, 3), (difference.Estimate, Math.Round(difference.DegreesOfFreedom!.Value, 9)));
        Assert.Equal(Math.Sqrt(3) / 3, difference.StandardError!.Value, 1e-12);
        Assert.Equal(2 * StudentT.CDF(0, 1, 3, -Math.Sqrt(3)), difference.Probability!.Value, 1e-12);
    }

    [Fact]
    public void The_degrees_of_freedom_lie_between_those_of_one_task_and_those_of_all() => Tasks.Sample(tasks =>
    {
        Inside(SideDifference.Paired(tasks), [.. tasks.Select(task => task.First.Count - 1)]);
        Inside(SideDifference.Unpaired(tasks), [.. tasks.SelectMany(task => new[] { task.First.Count - 1, task.Second.Count - 1 })]);

        static void Inside(SideDifference difference, int[] degrees) => Assert.InRange(difference.DegreesOfFreedom!.Value, degrees.Min() - 1e-9, degrees.Sum() + 1e-9);
    }, iter: 200);

    [Fact]
    public void The_interval_leaves_zero_out_where_the_p_value_is_below_its_level() => Tasks.Sample(tasks =>
    {
        foreach (var difference in new[] { SideDifference.Paired(tasks), SideDifference.Unpaired(tasks) })
        {
            if (Math.Abs(difference.Probability!.Value - 0.05) < 1e-6) continue;
            Assert.Equal(difference.Probability < 0.05, difference.Lower > 0 || difference.Upper < 0);
        }
    }, iter: 300);

    [Fact]
    public void Exchanging_the_sides_reverses_the_difference() => Tasks.Sample(tasks =>
    {
        PairedTaskScores[] exchanged = [.. tasks.Select(task => new PairedTaskScores(task.Second, task.First))];
        var (there, back) = (SideDifference.Paired(tasks), SideDifference.Paired(exchanged));
        Assert.Equal(there.Estimate, -back.Estimate, 1e-9);
        Assert.Equal(there.Lower!.Value, -back.Upper!.Value, 1e-9);
        Assert.Equal(there.Probability!.Value, back.Probability!.Value, 1e-9);
    }, iter: 100);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_equal_sides_one_in_twenty_is_significant(bool paired)
    {
        const int Trials = 2000;
        var random = new Random(11);
        double[] Scores(double spread) => [.. Enumerable.Range(0, 4).Select(_ => Normal.Sample(random, 80, spread))];
        var significant = Enumerable.Range(0, Trials).Count(_ =>
        {
            PairedTaskScores[] tasks = [.. new[] { 0.2, 1, 3 }.Select(spread => new PairedTaskScores(Scores(spread), Scores(spread)))];
            return (paired ? SideDifference.Paired(tasks) : SideDifference.Unpaired(tasks)).Probability < 0.05;
        });
        Assert.InRange(significant, 0.03 * Trials, 0.065 * Trials);
    }

    [Fact]
    public void A_difference_without_variance_has_no_p_value()
    {
        // 0.3 and 0.1 + 0.2 differ by rounding alone
        var difference = SideDifference.Paired([new([80.3, 81 - 0.7 + 0.1 + 0.2], [80, 80.3]), new([1, 1], [2, 2])]);
        Assert.True(difference.HasZeroVariance);
        Assert.Equal((null, null, null, null), (difference.DegreesOfFreedom, difference.Probability, difference.Lower, difference.Upper));
    }

    [Fact]
    public void A_task_without_variance_leaves_the_degrees_of_freedom_to_the_others()
    {
        var difference = SideDifference.Paired([new([80, 81, 83], [80, 80, 80]), new([50, 50, 50], [40, 40, 40])]);
        Assert.Equal(2, difference.DegreesOfFreedom!.Value, 1e-12);
        Assert.False(difference.HasZeroVariance);
    }

    [Fact]
    public void A_single_seed_leaves_the_standard_error_unknown()
    {
        var difference = SideDifference.Paired([new([80], [79]), new([60, 62], [60, 61])]);
        Assert.Equal((0.75, null, null), (difference.Estimate, difference.StandardError, difference.Probability));
        Assert.False(difference.HasZeroVariance);
    }

    [Fact]
    public void Sides_that_cannot_be_compared_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SideDifference.Paired([]));
        Assert.Throws<ArgumentException>(() => SideDifference.Paired([new([1], [1, 2])]));
        Assert.Throws<ArgumentException>(() => SideDifference.Unpaired([new([], [1, 2])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SideDifference.Paired([new([1, 2], [1, 3])], confidence: 1));
    }
}
