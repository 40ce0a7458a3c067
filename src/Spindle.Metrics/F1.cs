using Spindle.Metrics.Paired;

namespace Spindle.Metrics;

/// <summary>The harmonic mean of precision and recall; 0 where a class is neither there nor predicted, as scikit-learn has it.</summary>
public static class F1
{
    /// <summary>F1 of class 1: GLUE's, for MRPC and QQP.</summary>
    /// <exception cref="ArgumentException">There is no row, or the counts differ.</exception>
    public static double Binary(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => ClassCounts.Of(labels, predictions, Binary);

    /// <summary>The mean over the classes that are there or predicted.</summary>
    /// <exception cref="ArgumentException">There is no row, or the counts differ.</exception>
    public static double Macro(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => ClassCounts.Of(labels, predictions, Macro);

    internal static double Binary(ClassCounts counts) => Array.IndexOf(counts.Classes, 1) is >= 0 and var positive ? OfClass(counts, positive) : 0;

    internal static double Macro(ClassCounts counts) =>
        Enumerable.Range(0, counts.Classes.Length).Where(index => Named(counts, index) > 0).Average(index => OfClass(counts, index));

    private static double OfClass(ClassCounts counts, int index) => Named(counts, index) is > 0 and var named ? 2 * counts.Hits[index] / named : 0;

    private static double Named(ClassCounts counts, int index) => counts.Labelled[index] + counts.Predicted[index];
}
