using System.Text.Json.Serialization;
using Spindle.Metrics.Paired;

namespace Spindle.Metrics.Predictions;

/// <summary>The predictions of a trained model for the rows of a validation split, with the expected answers.</summary>
/// <param name="Split">The split's name.</param>
/// <param name="Metrics">The metrics whose mean is the split's score.</param>
[JsonDerivedType(typeof(OfLabels), "labels")]
[JsonDerivedType(typeof(OfTexts), "texts")]
public abstract record SplitPredictions(string Split, IReadOnlyList<string> Metrics)
{
    /// <summary>The number of rows.</summary>
    [JsonIgnore]
    public abstract int Rows { get; }

    /// <summary>Computes a metric over all rows, as a fraction.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <exception cref="ArgumentException">The metric is unknown, or there are no rows.</exception>
    public abstract double Score(string metric);

    /// <summary>Whether the other predictions are for the same rows, so that both can be compared row by row.</summary>
    public abstract bool IsOfSameRows(SplitPredictions other);

    /// <summary>Pairs the rows of several runs of two models.</summary>
    /// <param name="runs">The predictions of the first and the second model in each run, at least one run, all for the same rows.</param>
    /// <param name="weight">The weight of the split's difference in the sum over splits.</param>
    public static PairedSet Pair(IReadOnlyList<(SplitPredictions First, SplitPredictions Second)> runs, double weight) => runs[0].First switch
    {
        OfLabels labels => PairedSet.Of(
            labels.Labels,
            [.. runs.Select(run => (((OfLabels)run.First).Predictions, ((OfLabels)run.Second).Predictions))],
            [.. labels.Metrics.Select(metric => (Func<IReadOnlyList<double>, IReadOnlyList<double>, IPairMetric>)((expected, predicted) => MetricCatalogue.Pairs(metric, expected, predicted)))],
            weight),
        OfTexts texts => PairedSet.Of(
            texts.References,
            [.. runs.Select(run => (((OfTexts)run.First).Written, ((OfTexts)run.Second).Written))],
            [.. texts.Metrics.Select(metric => (Func<IReadOnlyList<string>, IReadOnlyList<string>, IPairMetric>)((expected, generated) => TextMetricCatalogue.Pairs(metric, expected, generated)))],
            weight),
        var other => throw new ArgumentException($"unknown predictions {other.GetType().Name}", nameof(runs)),
    };

    private static IReadOnlyList<TValue> Check<TValue>(IReadOnlyList<TValue> expected, IReadOnlyList<TValue> predicted) =>
        expected.Count > 0 && expected.Count == predicted.Count
            ? predicted
            : throw new ArgumentException($"{predicted.Count} predictions for {expected.Count} rows");

    private static IReadOnlyList<string> Checked(IReadOnlyList<string> metrics, IReadOnlyCollection<string> names) =>
        metrics.Count > 0 && metrics.All(names.Contains) ? metrics : throw new ArgumentException($"no metric, or an unknown one: {string.Join(", ", metrics)}");

    /// <summary>Predictions of classes or values.</summary>
    /// <param name="Split">The split's name.</param>
    /// <param name="Metrics">The metrics whose mean is the split's score.</param>
    /// <param name="Labels">The class index or value of each row, at least one.</param>
    /// <param name="Predictions">The prediction for each row.</param>
    /// <exception cref="ArgumentException">There are no rows, the counts differ, or a metric is unknown.</exception>
    public sealed record OfLabels(string Split, IReadOnlyList<string> Metrics, IReadOnlyList<double> Labels, IReadOnlyList<double> Predictions)
        : SplitPredictions(Split, Checked(Metrics, MetricCatalogue.Names))
    {
        /// <summary>The prediction for each row.</summary>
        public IReadOnlyList<double> Predictions { get; init; } = Check(Labels, Predictions);

        /// <inheritdoc/>
        [JsonIgnore]
        public override int Rows => Labels.Count;

        /// <inheritdoc/>
        public override double Score(string metric) => MetricCatalogue.Compute(metric, Labels, Predictions);

        /// <inheritdoc/>
        public override bool IsOfSameRows(SplitPredictions other) => other is OfLabels labels && labels.Labels.SequenceEqual(Labels);
    }

    /// <summary>Generated texts.</summary>
    /// <param name="Split">The split's name.</param>
    /// <param name="Metrics">The metrics whose mean is the split's score.</param>
    /// <param name="References">The reference for each row, at least one.</param>
    /// <param name="Written">The generated text for each row.</param>
    /// <exception cref="ArgumentException">There are no rows, the counts differ, or a metric is unknown.</exception>
    public sealed record OfTexts(string Split, IReadOnlyList<string> Metrics, IReadOnlyList<string> References, IReadOnlyList<string> Written)
        : SplitPredictions(Split, Checked(Metrics, TextMetricCatalogue.Names))
    {
        /// <summary>The generated text for each row.</summary>
        public IReadOnlyList<string> Written { get; init; } = Check(References, Written);

        /// <inheritdoc/>
        [JsonIgnore]
        public override int Rows => References.Count;

        /// <inheritdoc/>
        public override double Score(string metric) => TextMetricCatalogue.Compute(metric, References, Written);

        /// <inheritdoc/>
        public override bool IsOfSameRows(SplitPredictions other) => other is OfTexts texts && texts.References.SequenceEqual(References);
    }
}
