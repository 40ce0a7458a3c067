using Spindle.Metrics.Paired;

namespace Spindle.Metrics;

/// <summary>Metrics over classes.</summary>
public static class Accuracy
{
    /// <summary>The share of predictions that equal the label.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double Compute(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => ClassCounts.Compute(labels, predictions, Compute);

    internal static double Compute(ClassCounts counts) => counts.Hits.Sum() / counts.Total;
}
