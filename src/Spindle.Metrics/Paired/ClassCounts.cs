namespace Spindle.Metrics.Paired;

/// <summary>Counts of each class.</summary>
/// <param name="Classes">The classes.</param>
/// <param name="Labelled">How often each class is the label.</param>
/// <param name="Predicted">How often each class is predicted.</param>
/// <param name="Hits">How often each class is both.</param>
internal sealed record ClassCounts(double[] Classes, double[] Labelled, double[] Predicted, double[] Hits)
{
    /// <summary>The number of pairs.</summary>
    public double Total => Labelled.Sum();

    /// <summary>Computes a metric from the counts of all rows.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double Compute(IReadOnlyList<double> labels, IReadOnlyList<double> predictions, Func<ClassCounts, double> metric) =>
        ((IPairMetric)new ClassPairs(labels, predictions, metric)).ComputeAll();
}
