using MathNet.Numerics.Distributions;
using Spindle.Search.Studies;

namespace Spindle.Dashboard.Live;

/// <summary>A mean in points with its 95% interval.</summary>
/// <param name="Name">What was scored: an option or a side.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Lower">The lower end, or null where nothing is known about chance.</param>
/// <param name="Upper">The upper end, or null.</param>
/// <param name="Designs">The number of designs or seeds.</param>
/// <param name="ProbabilityOfBest">The probability that it is the best, or null.</param>
/// <param name="IsChosen">Whether it was chosen.</param>
internal sealed record Estimate(string Name, double Mean, double? Lower, double? Upper, int Designs, double? ProbabilityOfBest, bool IsChosen)
{
    private const double Quantile = 0.975;

    /// <summary>A mean with the possible part of its interval by Student's t.</summary>
    public static Estimate Of(ScoreBounds bounds, string name, double mean, double? standardError, int designs, double? probabilityOfBest, bool isChosen)
    {
        if (standardError is not { } error || designs < 2) return new(name, mean, null, null, designs, probabilityOfBest, isChosen);
        var (lower, upper) = bounds.Around(mean, error * StudentT.InvCDF(0, 1, designs - 1, Quantile));
        return new(name, mean, lower, upper, designs, probabilityOfBest, isChosen);
    }
}
