namespace Spindle.Metrics;

/// <summary>The correlation of Matthews (1975) for any number of classes (Gorodkin 2004).</summary>
public static class Matthews
{
    /// <summary>From −1 to 1; 0 where labels or predictions are all of one class, as scikit-learn has it.</summary>
    /// <exception cref="ArgumentException">There is no row, or the counts differ.</exception>
    public static double Of(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Rows.Check(labels, predictions);
        double rows = labels.Count;
        double hits = labels.Zip(predictions).Count(row => row.First == row.Second);
        var labelled = labels.CountBy(label => label).ToDictionary();
        var predicted = predictions.CountBy(label => label).ToDictionary();
        var both = labelled.Sum(label => (double)label.Value * predicted.GetValueOrDefault(label.Key));
        var spreadOfLabels = rows * rows - labelled.Values.Sum(count => (double)count * count);
        var spreadOfPredictions = rows * rows - predicted.Values.Sum(count => (double)count * count);
        var spread = Math.Sqrt(spreadOfLabels * spreadOfPredictions);
        return spread == 0 ? 0 : (hits * rows - both) / spread;
    }
}
