using MathNet.Numerics.Distributions;
using Spindle.Metrics.Comparisons;

namespace Spindle.Metrics.Tests.Comparisons;

/// <summary>Certainty about whole searches.</summary>
public class SelectedBestTests
{
    private const double Level = 0.05;

    // the number of options of each stage of a search
    private static readonly int[] Stages = [5, 3, 9, 15, 15, 15, 15, 4];

    /// <summary>How the noise of equal options is distributed.</summary>
    public enum Noise
    {
        Normal,

        // the first option's noise is three times that of the others
        Unequal,

        // common to all options of a sample, and larger than their own
        Common,

        // most designs score alike, and some far less
        Skewed,
    }

    [Theory]
    [InlineData(Noise.Normal, 2)]
    [InlineData(Noise.Normal, 4)]
    [InlineData(Noise.Unequal, 3)]
    [InlineData(Noise.Unequal, 10)]
    [InlineData(Noise.Common, 3)]
    [InlineData(Noise.Skewed, 4)]
    public void In_at_most_one_of_twenty_searches_over_equal_options_is_a_choice_called_certain(Noise noise, int samples)
    {
        const int Searches = 300;
        var random = new Random(1000 * (int)noise + samples);
        var (wrongPaired, wrongIndependent) = (0, 0);
        for (var search = 0; search < Searches; search++)
        {
            double[][][] stages = [.. Stages.Select(options => Scores(noise, options, samples, random))];
            if (AnyCertain(stages, OptionPosterior.Paired)) wrongPaired++;
            if (noise != Noise.Common && AnyCertain(stages, OptionPosterior.Independent)) wrongIndependent++;
        }
        // a rule that is wrong in exactly one of twenty searches stays below this in 99 of 100 such tests
        var most = (int)(Searches * Level + 2.33 * Math.Sqrt(Searches * Level * (1 - Level)));
        Assert.InRange(wrongPaired, 0, most);
        Assert.InRange(wrongIndependent, 0, most);
    }

    [Fact]
    public void A_lead_over_one_standard_error_of_the_difference_is_wrong_in_about_half_of_the_searches()
    {
        const int Searches = 400;
        var random = new Random(3);
        var wrong = Enumerable.Range(0, Searches).Count(_ => Stages.Select(options => Scores(Noise.Normal, options, 4, random)).Any(stage =>
        {
            var ordered = stage.OrderByDescending(option => option.Average()).ToArray();
            return ordered[0].Average() - ordered[1].Average() > Math.Sqrt(Square(ordered[0]) + Square(ordered[1]));
        }));
        Assert.InRange(wrong, 0.4 * Searches, Searches);

        static double Square(double[] scores) => scores.Sum(score => Math.Pow(score - scores.Average(), 2)) / (scores.Length - 1) / scores.Length;
    }

    [Fact]
    public void A_clear_winner_is_certain()
    {
        var random = new Random(4);
        var certain = 0;
        for (var search = 0; search < 50; search++)
        {
            double[][][] stages = [.. Stages.Select(options => Scores(Noise.Normal, options, 4, random))];
            // ten standard deviations of one score in every stage
            foreach (var stage in stages) stage[0] = [.. stage[0].Select(score => score + 10)];
            if (Corrected(stages, OptionPosterior.Independent).All(probability => probability < Level)) certain++;
        }
        Assert.InRange(certain, 45, 50);
    }

    [Fact]
    public void A_choice_is_certain_only_if_its_lead_over_each_other_option_is_significant() => Gen.Int[0, 80].Select(score => score / 8.0).Array[3].Array[2, 6].Sample(scores =>
    {
        if (OptionPosterior.Paired(scores) is not { } posterior) return;
        var kept = posterior.Probabilities.Index().MaxBy(option => posterior.Means[option.Index]).Index;
        var error = Math.Sqrt(2.0 / 3 * Residual(scores) / posterior.DegreesOfFreedom);
        foreach (var other in Enumerable.Range(0, scores.Length).Where(option => option != kept))
        {
            var t = (posterior.Means[kept] - posterior.Means[other]) / error;
            Assert.True(SelectedBest.Probability(posterior.Probabilities[kept]) >= 2 * StudentT.CDF(0, 1, posterior.DegreesOfFreedom, -t) - 1e-6);
        }
    }, iter: 100);

    [Fact]
    public void Choices_about_which_nothing_is_known_do_not_count_in_the_correction()
    {
        Assert.Equal(0.04, SelectedBest.Probability(0.98), 1e-12);
        Assert.Equal(1, SelectedBest.Probability(0.2));
        var corrected = SelectedBest.Corrected([0.999, null, 0.98]);
        Assert.Equal(0.004, corrected[0]!.Value, 1e-12);
        Assert.Null(corrected[1]);
        Assert.Equal(0.04, corrected[2]!.Value, 1e-12);
    }

    private static bool AnyCertain(double[][][] stages, Func<IReadOnlyList<IReadOnlyList<double>>, OptionPosterior?> posterior) =>
        Corrected(stages, posterior).Any(probability => probability < Level);

    private static IReadOnlyList<double?> Corrected(double[][][] stages, Func<IReadOnlyList<IReadOnlyList<double>>, OptionPosterior?> posterior) =>
        // only the option with the best mean can have the largest probability of interest; the others have less than half
        SelectedBest.Corrected([.. stages.Select(stage => posterior(stage) is { } compared
            ? compared.ProbabilityOfBest(Array.IndexOf([.. compared.Means], compared.Means.Max()))
            : (double?)null)]);

    private static double Residual(double[][] scores)
    {
        var mean = scores.Average(option => option.Average());
        return scores.Sum(option => option.Select((score, sample) => Math.Pow(score - option.Average() - scores.Average(other => other[sample]) + mean, 2)).Sum());
    }

    private static double[][] Scores(Noise noise, int options, int samples, Random random)
    {
        double[] common = [.. Enumerable.Range(0, samples).Select(_ => noise == Noise.Common ? 5 * Normal.Sample(random, 0, 1) : 0)];
        return [.. Enumerable.Range(0, options).Select(option => common.Select(shared => shared + noise switch
        {
            Noise.Unequal when option == 0 => 3 * Normal.Sample(random, 0, 1),
            Noise.Skewed => -Exponential.Sample(random, 1),
            _ => Normal.Sample(random, 0, 1),
        }).ToArray())];
    }
}
