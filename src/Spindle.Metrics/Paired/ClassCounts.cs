namespace Spindle.Metrics.Paired;

/// <summary>How often each class occurs.</summary>
/// <param name="Classes">The classes.</param>
/// <param name="Labelled">How often each is the label.</param>
/// <param name="Predicted">How often each is predicted.</param>
/// <param name="Hits">How often each is both.</param>
internal sealed record ClassCounts(double[] Classes, double[] Labelled, double[] Predicted, double[] Hits)
{
    /// <summary>All pairs.</summary>
    public double Total => Labelled.Sum();

    /// <summary>A metric of the counts of all rows.</summary>
    /// <exception cref="ArgumentException">There is no row, or the counts differ.</exception>
    public static double Of(IReadOnlyList<double> labels, IReadOnlyList<double> predictions, Func<ClassCounts, double> metric) =>
        ((IPairMetric)new ClassPairs(labels, predictions, metric)).OfAll();
}
