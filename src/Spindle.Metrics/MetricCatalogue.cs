using Spindle.Metrics.Paired;

namespace Spindle.Metrics;

/// <summary>Metrics by name.</summary>
public static class MetricCatalogue
{
    private static readonly Dictionary<string, Func<IReadOnlyList<double>, IReadOnlyList<double>, IPairMetric>> Metrics = new(StringComparer.Ordinal)
    {
        ["accuracy"] = (labels, predictions) => new ClassPairs(labels, predictions, Accuracy.Compute),
        ["f1"] = (labels, predictions) => new ClassPairs(labels, predictions, F1.Binary),
        ["f1-first"] = (labels, predictions) => new ClassPairs(labels, predictions, F1.First),
        ["f1-macro"] = (labels, predictions) => new ClassPairs(labels, predictions, F1.Macro),
        ["matthews"] = (labels, predictions) => new ClassPairs(labels, predictions, Matthews.Compute),
        ["pearson"] = (labels, predictions) => new GatheredPairs<double>(labels, predictions, Correlations.Pearson),
        ["spearman"] = (labels, predictions) => new RankedPairs(labels, predictions),
        ["squared-error-skill"] = (labels, predictions) => new GatheredPairs<double>(labels, predictions, Errors.SquaredSkill),
        ["absolute-error-skill"] = (labels, predictions) => new GatheredPairs<double>(labels, predictions, Errors.AbsoluteSkill),
        ["mean-squared-error"] = (labels, predictions) => new GatheredPairs<double>(labels, predictions, Errors.MeanSquared),
        ["mean-absolute-error"] = (labels, predictions) => new GatheredPairs<double>(labels, predictions, Errors.MeanAbsolute),
    };

    /// <summary>The names of scores, which are 1 where all is right: <c>accuracy</c>, <c>f1</c> (of class 1), <c>f1-first</c> (of class 0), <c>f1-macro</c>, <c>matthews</c>, <c>pearson</c>,
    /// <c>spearman</c>, <c>squared-error-skill</c>, <c>absolute-error-skill</c>. The errors <c>mean-squared-error</c> and <c>mean-absolute-error</c> are computed too.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. Metrics.Keys.Where(name => !IsError(name))];

    /// <summary>Whether a metric is an error in the units of the labels: smaller is better, and it is not a fraction.</summary>
    public static bool IsError(string name) => name.EndsWith("-error", StringComparison.Ordinal);

    /// <summary>The lowest value of a score over labels or texts, as a fraction: −1 of a correlation, −∞ of a skill, 0 of all others. The highest is 1.</summary>
    /// <param name="name">The score's name.</param>
    public static double Lowest(string name) => name switch
    {
        "matthews" or "pearson" or "spearman" => -1,
        _ when name.EndsWith("-skill", StringComparison.Ordinal) => double.NegativeInfinity,
        _ => 0,
    };

    /// <summary>Computes a metric, as a fraction. A correlation with predictions that are all equal or NaN, which is undefined,
    /// counts as 0: such a model has learned nothing.</summary>
    /// <param name="name">One of <see cref="Names"/>, or an error.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="predictions">The predictions, one for each label.</param>
    /// <exception cref="ArgumentException">The metric is unknown, there are no rows, or the counts differ.</exception>
    public static double Compute(string name, IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => Pairs(name, labels, predictions).ComputeAll();

    /// <summary>Creates a metric, as computed by <see cref="Compute"/>, over pairs that can count several times.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="predictions">The predictions, one for each label.</param>
    /// <exception cref="ArgumentException">The metric is unknown, there are no rows, or the counts differ.</exception>
    public static IPairMetric Pairs(string name, IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        if (!Metrics.TryGetValue(name, out var metric))
            throw new ArgumentException($"there is no metric '{name}'; the metrics are {string.Join(", ", Metrics.Keys)}", nameof(name));
        Rows.Check(labels, predictions);
        return new Defined(metric(labels, predictions));
    }

    private sealed class Defined(IPairMetric metric) : IPairMetric
    {
        public int Count => metric.Count;

        public double Compute(ReadOnlySpan<int> times) => metric.Compute(times) is var value && double.IsNaN(value) ? 0 : value;
    }
}
