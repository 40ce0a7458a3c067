using MathNet.Numerics.Distributions;
using Spindle.Metrics.Comparisons;

namespace Spindle.Metrics.Tests.Comparisons;

/// <summary>Which options can still be the best.</summary>
public class SubsetSelectionTests
{
    [Fact]
    public void Of_two_options_the_p_value_is_that_of_the_one_sided_paired_t_test() => Gen.Int[-24, 40].Select(difference => difference / 8.0).Array[3, 8].Sample(differences =>
    {
        double[] others = [.. differences.Select((_, sample) => 40.0 + (sample * sample))];
        double[] scores = [.. differences.Zip(others, (difference, other) => other + difference)];
        if (OptionPosterior.Paired([scores, others]) is not { } posterior) return;
        var selection = new SubsetSelection(posterior);
        var (better, worse) = selection.Leader == 0 ? (scores, others) : (others, scores);
        Assert.Equal(1, selection.Probability(selection.Leader));
        if (selection.Gap(1 - selection.Leader) > 0) Assert.Equal(Significance.PairedTGreater(better, worse), selection.Probability(1 - selection.Leader), 1e-7);
    }, iter: 100);

    [Fact]
    public void The_p_value_is_the_share_of_draws_of_equal_options_with_so_large_a_difference()
    {
        double[][] scores = [[75, 72, 74, 71], [73, 73, 75, 72], [69, 71, 70, 72], [72, 71, 75, 70]];
        var posterior = OptionPosterior.Paired(scores)!;
        var selection = new SubsetSelection(posterior);
        const int Draws = 200_000;
        var (random, larger) = (new Random(6), 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var scale = Math.Sqrt(posterior.DegreesOfFreedom / ChiSquared.Sample(random, posterior.DegreesOfFreedom));
            double[] means = [.. posterior.Errors.Select(error => error * Normal.Sample(random, 0, 1))];
            var largest = Enumerable.Range(0, 4).Where(other => other != 2).Max(other => (means[other] - means[2]) / Math.Sqrt(Math.Pow(posterior.Errors[other], 2) + Math.Pow(posterior.Errors[2], 2)));
            if (scale * largest >= selection.Gap(2)) larger++;
        }

        Assert.Equal((double)larger / Draws, selection.Probability(2), 0.005);
        Assert.True(selection.Excludes(2, selection.Probability(2) + 1e-9));
        Assert.False(selection.Excludes(2, selection.Probability(2) - 1e-9));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(9, 3)]
    [InlineData(15, 2)]
    public void The_best_of_several_options_is_excluded_with_at_most_the_level_however_many_there_are(int options, int samples)
    {
        const int Comparisons = 1000;
        const double Level = 0.05;
        var random = new Random(options);
        var excluded = Enumerable.Range(0, Comparisons).Count(_ =>
        {
            double[] shared = [.. Enumerable.Range(0, samples).Select(_ => 5 * Normal.Sample(random, 0, 1))];
            double[][] scores = [.. Enumerable.Range(0, options).Select(_ => shared.Select(common => common + Normal.Sample(random, 0, 1)).ToArray())];
            // all are equal, so the first is as good as any
            return new SubsetSelection(OptionPosterior.Paired(scores)!).Excludes(0, Level);
        });
        Assert.InRange(excluded, 1, (Comparisons * Level) + (2.33 * Math.Sqrt(Comparisons * Level * (1 - Level))));
    }

    [Fact]
    public void The_expected_loss_is_that_of_draws_of_two_options_and_at_least_that_of_several()
    {
        double[][] scores = [[75, 72, 74, 71], [73, 73, 75, 72], [72, 71, 70, 72], [72, 71, 75, 70]];
        Assert.Equal(Drawn(scores[..2]), Loss(scores[..2]), 0.01);
        Assert.InRange(Loss(scores), Drawn(scores) - 0.01, 2 * Drawn(scores));
        // with one degree of freedom it is not defined
        Assert.Equal(double.PositiveInfinity, Loss([[70, 71], [70, 73]]));

        static double Loss(double[][] scores) => new SubsetSelection(OptionPosterior.Paired(scores)!).ExpectedLoss;

        static double Drawn(double[][] scores)
        {
            const int Draws = 200_000;
            var posterior = OptionPosterior.Paired(scores)!;
            var (random, leader) = (new Random(8), new SubsetSelection(posterior).Leader);
            return Enumerable.Range(0, Draws).Average(_ =>
            {
                var scale = Math.Sqrt(posterior.DegreesOfFreedom / ChiSquared.Sample(random, posterior.DegreesOfFreedom));
                double[] means = [.. posterior.Means.Zip(posterior.Errors, (mean, error) => mean + (scale * error * Normal.Sample(random, 0, 1)))];
                return means.Max() - means[leader];
            });
        }
    }
}
