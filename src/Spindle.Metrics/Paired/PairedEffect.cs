using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Spindle.Metrics.Paired;

/// <summary>The difference between paired scores.</summary>
/// <param name="Mean">The mean difference.</param>
/// <param name="Size">The mean difference divided by the standard deviation of the differences (Cohen's d_z, Cohen 1988, section 2.3); NaN if they do not vary.</param>
/// <param name="Lower">The lower end of the mean's confidence interval.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record PairedEffect(double Mean, double Size, double Lower, double Upper)
{
    /// <summary>Computes the effect, with an interval from Student's t.</summary>
    /// <param name="differences">The differences, at least two.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are fewer than two differences.</exception>
    public static PairedEffect Of(IReadOnlyList<double> differences, double confidence = 0.95)
    {
        if (differences.Count < 2) throw new ArgumentException("an effect needs at least two differences", nameof(differences));
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must be between 0 and 1");
        var (mean, deviation) = (differences.Mean(), differences.StandardDeviation());
        var half = StudentT.InvCDF(0, 1, differences.Count - 1, (1 + confidence) / 2) * deviation / Math.Sqrt(differences.Count);
        return new(mean, deviation > 0 ? mean / deviation : double.NaN, mean - half, mean + half);
    }
}
