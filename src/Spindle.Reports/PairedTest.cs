using MathNet.Numerics.Distributions;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>Whether paired differences may be chance.</summary>
internal static class PairedTest
{
    /// <summary>The two-sided p-value of a paired t-test (Student 1908) over seeds; null below two seeds, and where the differences do not vary.</summary>
    public static double? PValue(PairedDifference difference) => difference.Score is { Mean: { } mean, StandardError: { } error and > 0, Designs: var pairs }
        ? 2 * StudentT.CDF(0, 1, pairs - 1, -Math.Abs(mean / error))
        : null;
}
