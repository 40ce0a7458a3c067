namespace Spindle.Metrics;

/// <summary>Metrics by name.</summary>
public static class MetricCatalogue
{
    private static readonly Dictionary<string, Func<IReadOnlyList<double>, IReadOnlyList<double>, double>> Metrics = new(StringComparer.Ordinal)
    {
        ["accuracy"] = Accuracy.Of,
        ["f1"] = F1.Binary,
        ["f1-macro"] = F1.Macro,
        ["matthews"] = Matthews.Of,
        ["pearson"] = Correlations.Pearson,
        ["spearman"] = Correlations.Spearman,
    };

    /// <summary>Computes a metric, as a fraction. A correlation with predictions that are all the same or not numbers, which is not defined,
    /// counts as 0: such a model has learned nothing.</summary>
    /// <param name="name">One of <c>accuracy</c>, <c>f1</c>, <c>f1-macro</c>, <c>matthews</c>, <c>pearson</c>, <c>spearman</c>.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="predictions">As many predictions.</param>
    /// <exception cref="ArgumentException">There is no such metric, or no row, or the counts differ.</exception>
    public static double Compute(string name, IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        if (!Metrics.TryGetValue(name, out var metric))
            throw new ArgumentException($"there is no metric '{name}'; there are {string.Join(", ", Metrics.Keys)}", nameof(name));
        var value = metric(labels, predictions);
        return double.IsNaN(value) ? 0 : value;
    }
}
