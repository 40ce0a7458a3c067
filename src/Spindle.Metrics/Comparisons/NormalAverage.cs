using MathNet.Numerics;

namespace Spindle.Metrics.Comparisons;

/// <summary>Averages over the standard normal distribution.</summary>
internal static class NormalAverage
{
    // beyond this the density is below 1e-15
    private const double Farthest = 8.3;
    private const double Step = 0.4;

    /// <summary>The average of a smooth function, by the trapezoidal rule, whose error vanishes exponentially for analytic functions that decay at both ends (Trefethen and Weideman 2014).</summary>
    /// <param name="steepness">How much faster than the normal distribution the function can rise; 1 or less for no faster.</param>
    /// <param name="function">The function.</param>
    public static double Compute(double steepness, Func<double, double> function)
    {
        var steps = (int)Math.Ceiling(Farthest / Step * Math.Max(1, steepness));
        var (sum, weights) = (0.0, 0.0);
        for (var step = -steps; step <= steps; step++)
        {
            var deviate = Farthest * step / steps;
            var weight = Math.Exp(-deviate * deviate / 2);
            sum += weight * function(deviate);
            weights += weight;
        }
        return sum / weights;
    }

    /// <summary>The probability of a value below this one.</summary>
    public static double Below(double value) => 0.5 * SpecialFunctions.Erfc(-value / Constants.Sqrt2);
}
