namespace Spindle.Metrics.Paired;

/// <summary>Spearman's correlation. The values are sorted once, not in every draw.</summary>
internal sealed class RankedPairs : IPairMetric
{
    private readonly IReadOnlyList<double> labels, predictions;
    private readonly int[] byLabel, byPrediction;

    public RankedPairs(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Rows.Check(labels, predictions);
        (this.labels, this.predictions) = (labels, predictions);
        (byLabel, byPrediction) = (Order(labels), Order(predictions));
    }

    public int Count => labels.Count;

    public double Compute(ReadOnlySpan<int> times)
    {
        for (var pair = 0; pair < times.Length; pair++)
            if (times[pair] > 0 && (double.IsNaN(labels[pair]) || double.IsNaN(predictions[pair]))) return double.NaN;
        return new GatheredPairs<double>(Ranks(labels, byLabel, times), Ranks(predictions, byPrediction, times), Correlations.Pearson).Compute(times);
    }

    private static int[] Order(IReadOnlyList<double> values) => [.. Enumerable.Range(0, values.Count).OrderBy(pair => values[pair])];

    // equal values share their mean rank
    private static double[] Ranks(IReadOnlyList<double> values, int[] order, ReadOnlySpan<int> times)
    {
        var ranks = new double[values.Count];
        var before = 0;
        for (var (first, next) = (0, 0); first < order.Length; first = next)
        {
            var same = 0;
            for (; next < order.Length && values[order[next]].Equals(values[order[first]]); next++) same += times[order[next]];
            for (var at = first; at < next; at++) ranks[order[at]] = before + (same + 1) / 2.0;
            before += same;
        }
        return ranks;
    }
}
