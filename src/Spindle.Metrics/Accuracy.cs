namespace Spindle.Metrics;

/// <summary>Metrics over classes.</summary>
public static class Accuracy
{
    /// <summary>The share of predictions that are the label.</summary>
    /// <exception cref="ArgumentException">There is no row, or the counts differ.</exception>
    public static double Of(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Rows.Check(labels, predictions);
        return (double)labels.Zip(predictions).Count(row => row.First == row.Second) / labels.Count;
    }
}
