namespace Spindle.Metrics;

internal static class Rows
{
    public static void Check<TRow>(IReadOnlyList<TRow> labels, IReadOnlyList<TRow> predictions)
    {
        if (labels.Count == 0) throw new ArgumentException("a metric needs at least one row", nameof(labels));
        if (labels.Count != predictions.Count)
            throw new ArgumentException($"{predictions.Count} predictions for {labels.Count} labels", nameof(predictions));
    }
}
