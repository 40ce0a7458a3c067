namespace Spindle.Metrics.Paired;

/// <summary>Any metric over rows: each pair is repeated as often as it counts.</summary>
/// <param name="expected">The expected answers.</param>
/// <param name="predicted">The predictions.</param>
/// <param name="metric">The metric.</param>
internal sealed class GatheredPairs<TValue>(
    IReadOnlyList<TValue> expected, IReadOnlyList<TValue> predicted, Func<IReadOnlyList<TValue>, IReadOnlyList<TValue>, double> metric) : IPairMetric
{
    public int Count => expected.Count;

    public double Compute(ReadOnlySpan<int> times)
    {
        var (left, right) = (new List<TValue>(), new List<TValue>());
        for (var pair = 0; pair < times.Length; pair++)
            for (var time = 0; time < times[pair]; time++)
            {
                left.Add(expected[pair]);
                right.Add(predicted[pair]);
            }
        return metric(left, right);
    }
}
