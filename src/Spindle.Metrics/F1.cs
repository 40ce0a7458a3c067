using Spindle.Metrics.Paired;

namespace Spindle.Metrics;

/// <summary>The harmonic mean of precision and recall; 0 if a class is neither labelled nor predicted, as in scikit-learn.</summary>
public static class F1
{
    /// <summary>F1 of class 1, as in GLUE for MRPC and QQP.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double Binary(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => ClassCounts.Compute(labels, predictions, Binary);

    /// <summary>F1 of class 0, for tasks whose first label is the positive one.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double First(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => ClassCounts.Compute(labels, predictions, First);

    /// <summary>The mean F1 over the classes that are labelled or predicted.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double Macro(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => ClassCounts.Compute(labels, predictions, Macro);

    internal static double Binary(ClassCounts counts) => OfLabel(counts, 1);

    internal static double First(ClassCounts counts) => OfLabel(counts, 0);

    internal static double Macro(ClassCounts counts) =>
        Enumerable.Range(0, counts.Classes.Length).Where(index => Named(counts, index) > 0).Average(index => OfClass(counts, index));

    private static double OfLabel(ClassCounts counts, double label) => Array.IndexOf(counts.Classes, label) is >= 0 and var index ? OfClass(counts, index) : 0;

    private static double OfClass(ClassCounts counts, int index) => Named(counts, index) is > 0 and var named ? 2 * counts.Hits[index] / named : 0;

    private static double Named(ClassCounts counts, int index) => counts.Labelled[index] + counts.Predicted[index];
}
