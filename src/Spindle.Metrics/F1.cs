namespace Spindle.Metrics;

/// <summary>The harmonic mean of precision and recall; 0 where a class is neither there nor predicted, as scikit-learn has it.</summary>
public static class F1
{
    /// <summary>F1 of class 1: GLUE's, for MRPC and QQP.</summary>
    /// <exception cref="ArgumentException">There is no row, or the counts differ.</exception>
    public static double Binary(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => OfClass(labels, predictions, 1);

    /// <summary>The mean over the classes that are there or predicted.</summary>
    /// <exception cref="ArgumentException">There is no row, or the counts differ.</exception>
    public static double Macro(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Rows.Check(labels, predictions);
        return labels.Concat(predictions).Distinct().Average(label => OfClass(labels, predictions, label));
    }

    private static double OfClass(IReadOnlyList<double> labels, IReadOnlyList<double> predictions, double positive)
    {
        Rows.Check(labels, predictions);
        var (hits, named) = (0, 0);
        for (var row = 0; row < labels.Count; row++)
        {
            if (labels[row] == positive) named++;
            if (predictions[row] == positive) named++;
            if (labels[row] == positive && predictions[row] == positive) hits++;
        }
        return named == 0 ? 0 : 2.0 * hits / named;
    }
}
