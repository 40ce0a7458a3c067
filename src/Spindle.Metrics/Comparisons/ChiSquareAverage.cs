namespace Spindle.Metrics.Comparisons;

/// <summary>Averages over the uncertainty of a variance estimate.</summary>
internal static class ChiSquareAverage
{
    // the density at the ends of the range, as a power of e below its peak
    private const double Depth = 25;

    /// <summary>The average of a smooth function of √(χ²/ν), the ratio of the estimated standard deviation to the true one, by the trapezoidal rule over the logarithm of χ²/ν.</summary>
    /// <param name="degreesOfFreedom">ν, at least 1.</param>
    /// <param name="function">The function.</param>
    public static double Compute(int degreesOfFreedom, Func<double, double> function)
    {
        var half = degreesOfFreedom / 2.0;
        // a part of the standard deviation of the logarithm if that is narrow
        var step = Math.Min(0.5, Math.Sqrt(2.0 / degreesOfFreedom) / 2);
        var (sum, weights) = (0.0, 0.0);
        Add(0);
        for (var at = 1; Add(at * step); at++) { }
        for (var at = 1; Add(-at * step); at++) { }
        return sum / weights;

        bool Add(double logarithm)
        {
            var exponent = half * (logarithm - Math.Exp(logarithm) + 1);
            if (exponent < -Depth) return false;
            var weight = Math.Exp(exponent);
            sum += weight * function(Math.Exp(logarithm / 2));
            weights += weight;
            return true;
        }
    }
}
