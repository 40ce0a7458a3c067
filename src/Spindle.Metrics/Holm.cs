namespace Spindle.Metrics;

/// <summary>Holm's correction for several tests at a time (Holm 1979).</summary>
public static class Holm
{
    /// <summary>Adjusted probabilities, in the order of the tests: comparing each with a level keeps the chance of any false alarm among all below it.</summary>
    /// <param name="probabilities">The tests' probabilities, each from 0 to 1; NaN for a test that says nothing, which stays so and does not count.</param>
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
