using System.Text.Json.Serialization;
using Spindle.Metrics.Paired;

namespace Spindle.Metrics.Predictions;

/// <summary>What a trained model predicted for the rows of a validation split, beside what was wanted.</summary>
/// <param name="Split">The split's name.</param>
/// <param name="Metrics">The metrics whose mean is the split's score.</param>
[JsonDerivedType(typeof(OfLabels), "labels")]
[JsonDerivedType(typeof(OfTexts), "texts")]
public abstract record SplitPredictions(string Split, IReadOnlyList<string> Metrics)
{
    /// <summary>The number of rows.</summary>
    [JsonIgnore]
    public abstract int Rows { get; }

    /// <summary>A metric of all rows, as a fraction.</summary>
    /// <param name="metric">Its name.</param>
    /// <exception cref="ArgumentException">There is no such metric, or no row.</exception>
    public abstract double Score(string metric);

    /// <summary>Whether another's rows are the same: whether both can be compared row by row.</summary>
    public abstract bool IsOfSameRows(SplitPredictions other);

    /// <summary>The rows as they pair up in several runs of two models.</summary>
    /// <param name="runs">The one model's predictions and the other's, at least one run, all of the same rows.</param>
    /// <param name="weight">What the split's difference counts in the sum over splits.</param>
    public static PairedSet Pair(IReadOnlyList<(SplitPredictions First, SplitPredictions Second)> runs, double weight) => runs[0].First switch
    {
        OfLabels labels => PairedSet.Of(
            labels.Labels,
            [.. runs.Select(run => (((OfLabels)run.First).Predictions, ((OfLabels)run.Second).Predictions))],
            [.. labels.Metrics.Select(metric => (Func<IReadOnlyList<double>, IReadOnlyList<double>, IPairMetric>)((wanted, predicted) => MetricCatalogue.Pairs(metric, wanted, predicted)))],
            weight),
        OfTexts texts => PairedSet.Of(
            texts.References,
            [.. runs.Select(run => (((OfTexts)run.First).Written, ((OfTexts)run.Second).Written))],
            [.. texts.Metrics.Select(metric => (Func<IReadOnlyList<string>, IReadOnlyList<string>, IPairMetric>)((wanted, written) => TextMetricCatalogue.Pairs(metric, wanted, written)))],
            weight),
        var other => throw new ArgumentException($"unknown predictions {other.GetType().Name}", nameof(runs)),
    };

    private static IReadOnlyList<TValue> Check<TValue>(IReadOnlyList<TValue> wanted, IReadOnlyList<TValue> predicted) =>
        wanted.Count > 0 && wanted.Count == predicted.Count
            ? predicted
            : throw new ArgumentException($"{predicted.Count} predictions for {wanted.Count} rows");

    private static IReadOnlyList<string> Checked(IReadOnlyList<string> metrics, IReadOnlyCollection<string> names) =>
        metrics.Count > 0 && metrics.All(names.Contains) ? metrics : throw new ArgumentException($"no metric, or one that there is not: {string.Join(", ", metrics)}");

    /// <summary>Classes or values.</summary>
    /// <param name="Split">The split's name.</param>
    /// <param name="Metrics">The metrics whose mean is the split's score.</param>
    /// <param name="Labels">The class index or value of each row, at least one.</param>
    /// <param name="Predictions">What was predicted of each.</param>
    /// <exception cref="ArgumentException">There is no row, the counts differ, or there is no such metric.</exception>
    public sealed record OfLabels(string Split, IReadOnlyList<string> Metrics, IReadOnlyList<double> Labels, IReadOnlyList<double> Predictions)
        : SplitPredictions(Split, Checked(Metrics, MetricCatalogue.Names))
    {
        /// <summary>What was predicted of each row.</summary>
        public IReadOnlyList<double> Predictions { get; init; } = Check(Labels, Predictions);

        /// <inheritdoc/>
        [JsonIgnore]
        public override int Rows => Labels.Count;

        /// <inheritdoc/>
        public override double Score(string metric) => MetricCatalogue.Compute(metric, Labels, Predictions);

        /// <inheritdoc/>
        public override bool IsOfSameRows(SplitPredictions other) => other is OfLabels labels && labels.Labels.SequenceEqual(Labels);
    }

    /// <summary>Texts.</summary>
    /// <param name="Split">The split's name.</param>
    /// <param name="Metrics">The metrics whose mean is the split's score.</param>
    /// <param name="References">What was to be written for each row, at least one.</param>
    /// <param name="Written">What was written.</param>
    /// <exception cref="ArgumentException">There is no row, the counts differ, or there is no such metric.</exception>
    public sealed record OfTexts(string Split, IReadOnlyList<string> Metrics, IReadOnlyList<string> References, IReadOnlyList<string> Written)
        : SplitPredictions(Split, Checked(Metrics, TextMetricCatalogue.Names))
    {
        /// <summary>What was written for each row.</summary>
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
