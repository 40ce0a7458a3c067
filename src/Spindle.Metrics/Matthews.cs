using Spindle.Metrics.Paired;

namespace Spindle.Metrics;

/// <summary>The correlation of Matthews (1975) for any number of classes (Gorodkin 2004).</summary>
public static class Matthews
{
    /// <summary>From −1 to 1; 0 if all labels or all predictions are of one class, as in scikit-learn.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double Compute(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => ClassCounts.Compute(labels, predictions, Compute);

    internal static double Compute(ClassCounts counts)
    {
        var rows = counts.Total;
        var both = counts.Labelled.Zip(counts.Predicted).Sum(count => count.First * count.Second);
        var spreadOfLabels = rows * rows - counts.Labelled.Sum(count => count * count);
        var spreadOfPredictions = rows * rows - counts.Predicted.Sum(count => count * count);
        var spread = Math.Sqrt(spreadOfLabels * spreadOfPredictions);
        return spread == 0 ? 0 : (counts.Hits.Sum() * rows - both) / spread;
    }
}
