namespace Spindle.Metrics;

/// <summary>Holm's correction for multiple tests (Holm 1979).</summary>
public static class Holm
{
    /// <summary>Adjusts p-values. Comparing each with a level keeps the probability of any false positive below that level.</summary>
    /// <param name="probabilities">The p-values of the tests, each from 0 to 1. NaN for a test without a result; it stays NaN and does not count.</param>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> probabilities)
    {
        var adjusted = probabilities.ToArray();
        int[] order = [.. Enumerable.Range(0, adjusted.Length).Where(index => !double.IsNaN(adjusted[index])).OrderBy(index => probabilities[index])];
        var largest = 0.0;
        foreach (var (rank, index) in order.Index())
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * probabilities[index]));
        return adjusted;
    }
}
