namespace Spindle.Metrics.Comparisons;

/// <summary>How probable it is that each of several options has the best mean, given a few scores of each. The means have a joint posterior of Student's t under the
/// reference prior (Box and Tiao 1973, section 2.11): one pooled variance estimate, whose uncertainty all options share. An option that varies more than that has its own variance
/// instead, so that a noisy option is not trusted because the others are quiet.</summary>
public sealed class OptionPosterior
{
    private readonly double[] errors;
    private readonly Lazy<IReadOnlyList<double>> probabilities;

    private OptionPosterior(double[] means, double[] errors, int degreesOfFreedom)
    {
        (Means, this.errors, DegreesOfFreedom) = (means, errors, degreesOfFreedom);
        probabilities = new(() => [.. Enumerable.Range(0, means.Length).Select(ProbabilityOfBest)]);
    }

    /// <summary>The mean of each option.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>The standard error of each mean, beside what all options share.</summary>
    public IReadOnlyList<double> Errors => errors;

    /// <summary>The degrees of freedom of the pooled variance, at least 1.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>The probability that each option is the best, from 0 to 1; together they are 1.</summary>
    public IReadOnlyList<double> Probabilities => probabilities.Value;

    /// <summary>The posterior of options whose scores are independent.</summary>
    /// <param name="scores">The scores of each option: two options or more, with at least one score each.</param>
    /// <returns>The posterior; null if no option has two scores, or if no score varies within its option, because then nothing is known about chance.</returns>
    /// <exception cref="ArgumentException">There are fewer than two options, or an option has no score.</exception>
    public static OptionPosterior? Independent(IReadOnlyList<IReadOnlyList<double>> scores)
    {
        Check(scores);
        double[] means = [.. scores.Select(option => option.Average())];
        double[] squares = [.. scores.Zip(means, (option, mean) => option.Sum(score => (score - mean) * (score - mean)))];
        var degrees = scores.Sum(option => option.Count - 1);
        return Of(scores, means, squares, degrees, [.. scores.Select(option => (double)option.Count - 1)]);
    }

    /// <summary>The posterior of options that were scored on the same samples (a randomised block design): what a sample adds to all options cancels out.
    /// It also holds for samples that have nothing in common, and then has fewer degrees of freedom than <see cref="Independent"/>.</summary>
    /// <param name="scores">The scores of each option: two options or more, each with a score for every sample, in the same order.</param>
    /// <returns>The posterior; null if there is only one sample, or if the differences between options do not vary.</returns>
    /// <exception cref="ArgumentException">There are fewer than two options, no samples, or the counts differ.</exception>
    public static OptionPosterior? Paired(IReadOnlyList<IReadOnlyList<double>> scores)
    {
        Check(scores);
        var (options, samples) = (scores.Count, scores[0].Count);
        if (scores.Any(option => option.Count != samples)) throw new ArgumentException("paired options need the same number of scores", nameof(scores));
        double[] means = [.. scores.Select(option => option.Average())];
        double[] blocks = [.. Enumerable.Range(0, samples).Select(sample => scores.Average(option => option[sample]))];
        var mean = means.Average();
        double[] squares = [.. scores.Zip(means, (option, own) => option.Zip(blocks, (score, block) => score - own - block + mean).Sum(residual => residual * residual))];
        // each option has an equal share of the degrees of freedom of the residuals
        var degrees = (options - 1) * (samples - 1);
        return Of(scores, means, squares, degrees, [.. scores.Select(_ => (double)degrees / options)]);
    }

    private static OptionPosterior? Of(IReadOnlyList<IReadOnlyList<double>> scores, double[] means, double[] squares, int degrees, double[] shares)
    {
        var pooled = squares.Sum() / degrees;
        if (degrees < 1 || Variation.IsNone(Math.Sqrt(pooled), scores.SelectMany(option => option))) return null;
        double[] errors = [.. squares.Select((square, option) => Math.Sqrt(Math.Max(pooled, shares[option] > 0 ? square / shares[option] : 0) / scores[option].Count))];
        return new(means, errors, degrees);
    }

    private static void Check(IReadOnlyList<IReadOnlyList<double>> scores)
    {
        if (scores.Count < 2) throw new ArgumentException("a comparison needs at least two options", nameof(scores));
        if (scores.Any(option => option.Count == 0)) throw new ArgumentException("every option needs a score", nameof(scores));
    }

    /// <summary>The probability that an option is the best: the integral over its own posterior of the probabilities that each other mean is lower.</summary>
    /// <param name="option">The zero-based index of the option.</param>
    public double ProbabilityOfBest(int option) => ChiSquareAverage.Compute(DegreesOfFreedom, scale => NormalAverage.Compute(Steepness(option), deviate =>
    {
        var probability = 1.0;
        for (var other = 0; other < errors.Length && probability > 0; other++)
            if (other != option)
                probability *= NormalAverage.Below((scale * (Means[option] - Means[other]) + errors[option] * deviate) / errors[other]);
        return probability;
    }));

    private double Steepness(int option) => errors[option] / errors.Min();
}
