using MathNet.Numerics.Distributions;

namespace Spindle.Metrics.Comparisons;

/// <summary>Which options can still be the best: subset selection (Gupta 1965, On some multiple decision (selection and ranking) rules, Technometrics 7). If every option whose p-value is
/// at least α is kept, the best option is among them with a probability of at least 1 − α, however many options there are.</summary>
/// <param name="posterior">The means of the options and their errors.</param>
public sealed class SubsetSelection(OptionPosterior posterior)
{
    private IReadOnlyList<double> Means => posterior.Means;

    private IReadOnlyList<double> Errors => posterior.Errors;

    /// <summary>The number of options.</summary>
    public int Options => Means.Count;

    /// <summary>The index of the option with the best mean; the first of equal ones.</summary>
    public int Leader { get; } = posterior.Means.Index().MaxBy(option => option.Item).Index;

    /// <summary>The largest difference of another option to this one, in standard errors; 0 or less for the leader.</summary>
    /// <param name="option">The zero-based index of the option.</param>
    public double Gap(int option) => Enumerable.Range(0, Means.Count).Where(other => other != option).Max(other => (Means[other] - Means[option]) / Difference(option, other));

    /// <summary>The p-value of the hypothesis that an option is the best: the probability that the largest of its differences to the others, in standard errors, is at least as large as the
    /// one seen if all options are equal, which is the least favourable case. It is 1 for the leader.</summary>
    /// <param name="option">The zero-based index of the option.</param>
    public double Probability(int option)
    {
        var gap = Gap(option);
        if (gap <= 0) return 1;
        var below = ChiSquareAverage.Compute(posterior.DegreesOfFreedom, scale => NormalAverage.Compute(Errors[option] / Errors.Min(), deviate =>
        {
            var probability = 1.0;
            for (var other = 0; other < Errors.Count && probability > 0; other++)
                if (other != option)
                    probability *= NormalAverage.Below((scale * gap * Difference(option, other) + Errors[option] * deviate) / Errors[other]);
            return probability;
        }));
        return Math.Clamp(1 - below, 0, 1);
    }

    /// <summary>Whether the p-value of an option is below a level. Options near the leader cost one test of a pair.</summary>
    /// <param name="option">The zero-based index of the option.</param>
    /// <param name="level">The level, between 0 and 1.</param>
    public bool Excludes(int option, double level) =>
        // one pair is at most as surprising as the largest of several
        StudentT.CDF(0, 1, posterior.DegreesOfFreedom, -Gap(option)) < level && Probability(option) < level;

    /// <summary>At most how much keeping the leader is expected to cost: the sum, over the other options, of how much better each is expected to be (the expected opportunity cost of Chick and
    /// Inoue 2001, Operations Research 49, by its bound). Infinite where a single degree of freedom leaves it undefined.</summary>
    public double ExpectedLoss => posterior.DegreesOfFreedom < 2
        ? double.PositiveInfinity
        : Enumerable.Range(0, Means.Count).Where(other => other != Leader).Sum(other => Loss(Means[Leader] - Means[other], Difference(Leader, other), posterior.DegreesOfFreedom));

    private double Difference(int option, int other) => Math.Sqrt((Errors[option] * Errors[option]) + (Errors[other] * Errors[other]));

    // the mean of the positive part of a value of Student's t around −lead
    private static double Loss(double lead, double error, int degrees)
    {
        var t = lead / error;
        return error * (((degrees + (t * t)) / (degrees - 1) * StudentT.PDF(0, 1, degrees, t)) - (t * StudentT.CDF(0, 1, degrees, -t)));
    }
}
