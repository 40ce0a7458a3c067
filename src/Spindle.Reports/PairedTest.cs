using Spindle.Metrics;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>Tests whether paired differences may be due to chance.</summary>
internal static class PairedTest
{
    /// <summary>The two-sided p-value of a paired t-test over seeds. Null for fewer than two seeds, or if the differences do not vary.</summary>
    public static double? PValue(PairedDifference difference) => difference.Score.StandardError is > 0
        ? Significance.PairedT(difference.Differences, new double[difference.Differences.Count]).Probability
        : null;

    /// <summary>The p-values of the found design against every baseline that has one, by the baseline's name, after Holm's correction.</summary>
    public static IReadOnlyDictionary<string, double?> Corrected(FinalResult found, IReadOnlyList<FinalResult> baselines)
    {
        var tested = baselines.Where(baseline => baseline.IsScored)
            .Select(baseline => (baseline.Name, P: PairedDifference.Of(found, baseline) is { } difference ? PValue(difference) : null))
            .Where(test => test.P is not null).ToArray();
        var corrected = Holm.Adjust([.. tested.Select(test => test.P!.Value)]);
        return tested.Index().ToDictionary(test => test.Item.Name, test => (double?)corrected[test.Index], StringComparer.Ordinal);
    }
}
