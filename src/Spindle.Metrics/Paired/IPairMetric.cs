namespace Spindle.Metrics.Paired;

/// <summary>A metric over pairs of what was wanted and what was predicted, of which each counts so many times: what a draw of rows with replacement asks for.</summary>
public interface IPairMetric
{
    /// <summary>The number of pairs, at least 1.</summary>
    int Count { get; }

    /// <summary>The metric, as a fraction.</summary>
    /// <param name="times">How many times each pair counts, one number for each of <see cref="Count"/> pairs, together at least 1.</param>
    double Of(ReadOnlySpan<int> times);

    /// <summary>The metric where every pair counts once.</summary>
    double OfAll() => Of([.. Enumerable.Repeat(1, Count)]);
}
