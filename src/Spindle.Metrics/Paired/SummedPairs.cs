namespace Spindle.Metrics.Paired;

/// <summary>A metric that only depends on sums over pairs.</summary>
/// <param name="tallies">The counts of each pair, all of the same length.</param>
/// <param name="metric">Computes the metric from the sums and the number of pairs.</param>
internal sealed class SummedPairs(double[][] tallies, Func<double[], int, double> metric) : IPairMetric
{
    public int Count => tallies.Length;

    public double Compute(ReadOnlySpan<int> times)
    {
        var sums = new double[tallies[0].Length];
        var count = 0;
        for (var pair = 0; pair < times.Length; pair++)
        {
            if (times[pair] == 0) continue;
            count += times[pair];
            var tally = tallies[pair];
            for (var at = 0; at < sums.Length; at++) sums[at] += times[pair] * tally[at];
        }
        return metric(sums, count);
    }
}
