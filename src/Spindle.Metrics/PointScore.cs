namespace Spindle.Metrics;

/// <summary>A task's score.</summary>
public static class PointScore
{
    /// <summary>The mean of a task's metrics, in points (paper, section 4: the mean of several metrics counts as the task's score).</summary>
    /// <param name="metrics">At least one metric, as fractions.</param>
    public static double Mean(IReadOnlyList<double> metrics) => metrics.Average() * 100;
}
