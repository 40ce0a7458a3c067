namespace Spindle.Metrics.Paired;

/// <summary>Rows that are sampled together, with the predictions of two models in one or several runs.</summary>
public sealed class PairedSet
{
    private readonly IPairMetric[] runs;

    private PairedSet(int rows, double weight, IPairMetric[] runs) => (Rows, Weight, this.runs) = (rows, weight, runs);

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The weight of the set's difference in the sum over sets.</summary>
    public double Weight { get; }

    /// <summary>Creates a set whose difference is the mean over runs and metrics.</summary>
    /// <param name="expected">The expected answer for each row, at least one.</param>
    /// <param name="runs">The predictions of the first and the second model in each run, at least one run.</param>
    /// <param name="metrics">The metrics, at least one.</param>
    /// <param name="weight">The weight of the set's difference in the sum over sets.</param>
    /// <typeparam name="TValue">The type of the predictions.</typeparam>
    /// <exception cref="ArgumentException">There are no rows, or counts differ.</exception>
    public static PairedSet Of<TValue>(
        IReadOnlyList<TValue> expected,
        IReadOnlyList<(IReadOnlyList<TValue> First, IReadOnlyList<TValue> Second)> runs,
        IReadOnlyList<Func<IReadOnlyList<TValue>, IReadOnlyList<TValue>, IPairMetric>> metrics,
        double weight = 1)
    {
        foreach (var (first, second) in runs)
        {
            Metrics.Rows.Check(expected, first);
            Metrics.Rows.Check(expected, second);
        }
        TValue[] twice = [.. expected, .. expected];
        return new(expected.Count, weight, [.. runs.SelectMany(run => metrics.Select(metric => metric(twice, [.. run.First, .. run.Second])))]);
    }

    /// <summary>The same set with another weight.</summary>
    public PairedSet Weighing(double weight) => new(Rows, weight, runs);

    /// <summary>The score of the first model minus that of the second.</summary>
    /// <param name="first">How many times each prediction counts for the first model: first its own predictions for all rows, then those of the second model.</param>
    /// <param name="second">How many times each prediction counts for the second model.</param>
    internal double Difference(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var sum = 0.0;
        foreach (var run in runs) sum += run.Compute(first) - run.Compute(second);
        return Weight * sum / runs.Length;
    }
}
