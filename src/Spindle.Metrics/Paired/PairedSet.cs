namespace Spindle.Metrics.Paired;

/// <summary>Rows that are drawn together, and what two models predicted of them, once or in several runs.</summary>
public sealed class PairedSet
{
    private readonly IPairMetric[] runs;

    private PairedSet(int rows, double weight, IPairMetric[] runs) => (Rows, Weight, this.runs) = (rows, weight, runs);

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>What the set's difference counts in the sum over sets.</summary>
    public double Weight { get; }

    /// <summary>A set whose difference is the mean over runs and metrics.</summary>
    /// <param name="wanted">What was wanted of each row, at least one.</param>
    /// <param name="runs">What the one model and the other predicted in each run, at least one.</param>
    /// <param name="metrics">The metrics, at least one.</param>
    /// <param name="weight">What the set's difference counts in the sum over sets.</param>
    /// <typeparam name="TValue">What is predicted.</typeparam>
    /// <exception cref="ArgumentException">There is no row, or counts differ.</exception>
    public static PairedSet Of<TValue>(
        IReadOnlyList<TValue> wanted,
        IReadOnlyList<(IReadOnlyList<TValue> First, IReadOnlyList<TValue> Second)> runs,
        IReadOnlyList<Func<IReadOnlyList<TValue>, IReadOnlyList<TValue>, IPairMetric>> metrics,
        double weight = 1)
    {
        foreach (var (first, second) in runs)
        {
            Metrics.Rows.Check(wanted, first);
            Metrics.Rows.Check(wanted, second);
        }
        TValue[] twice = [.. wanted, .. wanted];
        return new(wanted.Count, weight, [.. runs.SelectMany(run => metrics.Select(metric => metric(twice, [.. run.First, .. run.Second])))]);
    }

    /// <summary>The same set with another weight.</summary>
    public PairedSet Weighing(double weight) => new(Rows, weight, runs);

    /// <summary>How much more the one model scores than the other.</summary>
    /// <param name="first">How many times each prediction counts as the one model's: first the one's of all rows, then the other's.</param>
    /// <param name="second">How many times each counts as the other's.</param>
    internal double Difference(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var sum = 0.0;
        foreach (var run in runs) sum += run.Of(first) - run.Of(second);
        return Weight * sum / runs.Length;
    }
}
