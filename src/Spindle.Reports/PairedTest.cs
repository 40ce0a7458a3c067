using Spindle.Metrics;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>Tests whether paired differences may be due to chance.</summary>
internal static class PairedTest
{
    /// <summary>The two-sided p-value over seeds, with the degrees of freedom of Welch and Satterthwaite. Null for fewer than two seeds, or if the differences do not vary.</summary>
    public static double? PValue(PairedDifference difference) => difference.Test.Probability;

    /// <summary>The p-values of the reference against every other side that has one, by that side's name, after Holm's correction.</summary>
    public static IReadOnlyDictionary<string, double?> Corrected(StudyResult result)
    {
        var tested = result.Others
            .Select(other => (other.Name, P: result.Against(other) is { } difference ? PValue(difference) : null))
            .Where(test => test.P is not null).ToArray();
        var corrected = Holm.Adjust([.. tested.Select(test => test.P!.Value)]);
        return tested.Index().ToDictionary(test => test.Item.Name, test => (double?)corrected[test.Index], StringComparer.Ordinal);
    }
}
