using MathNet.Numerics.Distributions;
using Spindle.Metrics.Comparisons;

namespace Spindle.Metrics.Tests.Comparisons;

/// <summary>The probability that an option is the best.</summary>
public class OptionPosteriorTests
{
    private static readonly Gen<double> Score = Gen.Int[0, 800].Select(score => score / 8.0);
    private static readonly Gen<double[][]> Options = Score.Array[2, 5].Array[2, 6];
    private static readonly Gen<double[][]> PairedOptions = Gen.Int[2, 5].SelectMany(samples => Score.Array[samples].Array[2, 6]);

    [Fact]
    public void Of_two_options_on_common_samples_the_probability_is_that_of_the_paired_t_test() => Gen.Int[-24, 40].Select(difference => difference / 8.0).Array[2, 8].Sample(differences =>
    {
        double[] others = [.. differences.Select((_, sample) => 40.0 + sample * sample)];
        double[] scores = [.. differences.Zip(others, (difference, other) => other + difference)];
        if (OptionPosterior.Paired([scores, others]) is not { } posterior) return;
        Assert.Equal(1 - Significance.PairedTGreater(scores, others), posterior.Probabilities[0], 1e-7);
    }, iter: 200);

    [Fact]
    public void Of_two_independent_options_with_equal_variances_the_probability_is_that_of_Students_test() => Gen.Select(Gen.Double[-4, 4], Gen.Double[0.1, 3]).Sample((lead, spread) =>
    {
        double[] scores = [lead - spread, lead + spread, lead], others = [spread, 0, -spread];
        var posterior = OptionPosterior.Independent([scores, others])!;
        Assert.Equal(4, posterior.DegreesOfFreedom);
        Assert.Equal(StudentT.CDF(0, 1, 4, lead / (spread * Math.Sqrt(2.0 / 3))), posterior.Probabilities[0], 1e-7);
    }, iter: 200);

    [Fact]
    public void The_probabilities_are_those_of_draws_from_the_posterior()
    {
        double[][] scores = [[70, 72, 74, 71], [71, 73, 75], [68, 71, 70, 75, 74], [60, 80]];
        var posterior = OptionPosterior.Independent(scores)!;
        var squares = scores.Select(option => option.Sum(score => Math.Pow(score - option.Average(), 2))).ToArray();
        var pooled = squares.Sum() / 10;
        double[] errors = [.. scores.Select((option, at) => Math.Sqrt(Math.Max(pooled, squares[at] / (option.Length - 1)) / option.Length))];
        const int Draws = 200_000;
        var random = new Random(5);
        var best = new double[4];
        for (var draw = 0; draw < Draws; draw++)
        {
            var scale = Math.Sqrt(10 / ChiSquared.Sample(random, 10));
            double[] means = [.. scores.Select((option, at) => option.Average() + errors[at] * scale * Normal.Sample(random, 0, 1))];
            best[Array.IndexOf(means, means.Max())]++;
        }
        foreach (var (expected, actual) in best.Zip(posterior.Probabilities)) Assert.Equal(expected / Draws, actual, 0.005);
    }

    [Fact]
    public void The_probabilities_sum_to_one()
    {
        Options.Sample(scores => Sums(OptionPosterior.Independent(scores)), iter: 100);
        PairedOptions.Sample(scores => Sums(OptionPosterior.Paired(scores)), iter: 100);

        static void Sums(OptionPosterior? posterior)
        {
            if (posterior is not null) Assert.Equal(1, posterior.Probabilities.Sum(), 1e-6);
        }
    }

    [Fact]
    public void Shifting_and_scaling_all_scores_changes_nothing() => Gen.Select(Options, Gen.Double[-50, 50], Gen.Double[0.1, 10]).Sample((scores, shift, factor) =>
    {
        if (OptionPosterior.Independent(scores) is not { } posterior) return;
        var moved = OptionPosterior.Independent([.. scores.Select(option => option.Select(score => shift + factor * score).ToArray())])!;
        foreach (var (expected, actual) in posterior.Probabilities.Zip(moved.Probabilities)) Assert.Equal(expected, actual, 1e-6);
    }, iter: 50);

    [Fact]
    public void Reordering_the_options_reorders_the_probabilities() => PairedOptions.Sample(scores =>
    {
        if (OptionPosterior.Paired(scores) is not { } posterior) return;
        var reversed = OptionPosterior.Paired([.. scores.Reverse()])!;
        foreach (var (expected, actual) in posterior.Probabilities.Zip(reversed.Probabilities.Reverse())) Assert.Equal(expected, actual, 1e-9);
    }, iter: 50);

    [Fact]
    public void What_a_sample_adds_to_every_option_does_not_count_when_paired() => Gen.Select(PairedOptions, Gen.Double[-40, 40].Array[5]).Sample((scores, added) =>
    {
        if (OptionPosterior.Paired(scores) is not { } posterior) return;
        var shifted = OptionPosterior.Paired([.. scores.Select(option => option.Select((score, sample) => score + added[sample]).ToArray())])!;
        foreach (var (expected, actual) in posterior.Probabilities.Zip(shifted.Probabilities)) Assert.Equal(expected, actual, 1e-6);
    }, iter: 50);

    [Fact]
    public void Equal_options_are_equally_probable()
    {
        double[] scores = [1, 2, 4];
        foreach (var probability in OptionPosterior.Independent([scores, scores, scores])!.Probabilities) Assert.Equal(1.0 / 3, probability, 1e-6);
    }

    [Fact]
    public void Scores_that_do_not_vary_say_nothing_about_chance()
    {
        Assert.Null(OptionPosterior.Independent([[0.1 + 0.2, 0.3], [0.5, 0.5]]));
        Assert.Null(OptionPosterior.Independent([[1], [2]]));
        Assert.Null(OptionPosterior.Paired([[1], [2]]));
        Assert.Null(OptionPosterior.Paired([[1, 5, 3], [2, 6, 4]]));
    }

    [Fact]
    public void Options_that_cannot_be_compared_are_refused()
    {
        Assert.Throws<ArgumentException>(() => OptionPosterior.Independent([[1, 2]]));
        Assert.Throws<ArgumentException>(() => OptionPosterior.Independent([[1, 2], []]));
        Assert.Throws<ArgumentException>(() => OptionPosterior.Paired([[1, 2], [1]]));
    }
}
