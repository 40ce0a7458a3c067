namespace Spindle.Metrics.Paired;

/// <summary>A metric over pairs of expected and predicted answers. Each pair can count several times, as sampling rows with replacement needs.</summary>
public interface IPairMetric
{
    /// <summary>The number of pairs, at least 1.</summary>
    int Count { get; }

    /// <summary>Computes the metric, as a fraction.</summary>
    /// <param name="times">How many times each pair counts: one number for each of the <see cref="Count"/> pairs, with a sum of at least 1.</param>
    double Compute(ReadOnlySpan<int> times);

    /// <summary>Computes the metric with every pair counted once.</summary>
    double ComputeAll() => Compute([.. Enumerable.Repeat(1, Count)]);
}
