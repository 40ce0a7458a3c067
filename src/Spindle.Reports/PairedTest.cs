using Spindle.Metrics;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>Whether paired differences may be chance.</summary>
internal static class PairedTest
{
    /// <summary>The two-sided p-value of a paired t-test over seeds; null below two seeds, and where the differences do not vary.</summary>
    public static double? PValue(PairedDifference difference) => difference.Score.StandardError is > 0
        ? Significance.PairedT(difference.Differences, new double[difference.Differences.Count]).Probability
        : null;
}
