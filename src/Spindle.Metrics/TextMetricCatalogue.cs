namespace Spindle.Metrics;

/// <summary>Metrics over texts by name.</summary>
public static class TextMetricCatalogue
{
    private static readonly Dictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>, double>> Metrics = new(StringComparer.Ordinal)
    {
        ["exact-match"] = (references, written) => references.Zip(written).Count(pair => pair.First == pair.Second) / (double)references.Count,
    };

    /// <summary>Computes a metric, as a fraction.</summary>
    /// <param name="name">One of <c>exact-match</c>.</param>
    /// <param name="references">What was to be written.</param>
    /// <param name="written">As many texts that were written.</param>
    /// <exception cref="ArgumentException">There is no such metric, or no row, or the counts differ.</exception>
    public static double Compute(string name, IReadOnlyList<string> references, IReadOnlyList<string> written)
    {
        if (!Metrics.TryGetValue(name, out var metric))
            throw new ArgumentException($"there is no metric '{name}'; there are {string.Join(", ", Metrics.Keys)}", nameof(name));
        Rows.Check(references, written);
        return metric(references, written);
    }
}
