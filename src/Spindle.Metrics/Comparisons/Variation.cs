namespace Spindle.Metrics.Comparisons;

/// <summary>Tells variation from rounding.</summary>
internal static class Variation
{
    private const double Rounding = 1e-12;

    /// <summary>Whether a standard deviation is only the rounding of the values that it was computed from.</summary>
    public static bool IsNone(double deviation, IEnumerable<double> values) => deviation <= Rounding * values.Max(Math.Abs);
}
