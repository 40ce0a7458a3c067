using MathNet.Numerics.Distributions;

namespace Spindle.Metrics.LinearModels;

/// <summary>An estimated sum of coefficients.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error, above 0.</param>
/// <param name="DegreesOfFreedom">The degrees of freedom of the standard error, at least 1.</param>
public sealed record ContrastEstimate(double Value, double StandardError, double DegreesOfFreedom)
{
    private const double Confidence = 0.95;

    /// <summary>The lower end of the 95% confidence interval.</summary>
    public double Lower => Value - Half;

    /// <summary>The upper end of the 95% confidence interval.</summary>
    public double Upper => Value + Half;

    /// <summary>The two-sided p-value of Student's t.</summary>
    public double Probability => 2 * StudentT.CDF(0, 1, DegreesOfFreedom, -Math.Abs(Value / StandardError));

    private double Half => StudentT.InvCDF(0, 1, DegreesOfFreedom, (1 + Confidence) / 2) * StandardError;
}
