using Spindle.Metrics.Comparisons;

namespace Spindle.Search.Policies;

/// <summary>What a look at the scores of racing options shows: a pure function of the scores.</summary>
internal sealed class RaceLook
{
    // two equal differences may be chance, such as of coarse scores
    private const int FewestSamplesOfConstant = 3;

    private readonly Lazy<double?> probability;

    private RaceLook(int leader, SubsetSelection? all, IReadOnlyDictionary<int, double> dropped, double expectedLoss)
    {
        (Leader, Dropped, ExpectedLoss) = (leader, dropped, expectedLoss);
        // seldom needed, and the costliest
        probability = new(() => all is null ? null : dropped.Count == all.Options - 1 ? dropped.Values.Max()
            : all.Probability(Enumerable.Range(0, all.Options).Where(option => option != leader && !dropped.ContainsKey(option)).MinBy(all.Gap)));
    }

    /// <summary>The options that cannot be the best, by their index, with their p-values.</summary>
    public IReadOnlyDictionary<int, double> Dropped { get; }

    /// <summary>The index of the option with the best mean.</summary>
    public int Leader { get; }

    /// <summary>The p-value of the option that is closest to the leader; if only the leader is left, the largest of those that were dropped. Null if nothing is known about chance.</summary>
    public double? Probability => probability.Value;

    /// <summary>At most how much keeping the leader is expected to cost; infinite if nothing is known about chance.</summary>
    public double ExpectedLoss { get; }

    /// <summary>Whether the differences between options are the same in every sample.</summary>
    public bool IsConstant { get; private init; }

    /// <summary>Looks at scores.</summary>
    /// <param name="scores">The scores of each option, at least one option: the same samples in the same order, at least one.</param>
    /// <param name="level">The level at which an option is dropped.</param>
    public static RaceLook At(IReadOnlyList<IReadOnlyList<double>> scores, double level)
    {
        var none = new Dictionary<int, double>();
        if (scores.Count < 2 || OptionPosterior.Paired(scores) is not { } posterior)
            return new(scores.Index().MaxBy(option => option.Item.Average()).Index, null, none, double.PositiveInfinity) { IsConstant = scores.Count > 1 && scores[0].Count >= FewestSamplesOfConstant };
        var all = new SubsetSelection(posterior);
        var dropped = Enumerable.Range(0, scores.Count).Where(option => option != all.Leader && all.Excludes(option, level)).ToDictionary(option => option, all.Probability);
        double[][] left = [.. scores.Where((_, option) => !dropped.ContainsKey(option)).Select(option => option.ToArray())];
        if (left.Length == 1) return new(all.Leader, all, dropped, 0);
        var rest = dropped.Count == 0 ? posterior : OptionPosterior.Paired(left);
        return new(all.Leader, all, dropped, rest is null ? double.PositiveInfinity : new SubsetSelection(rest).ExpectedLoss);
    }
}
