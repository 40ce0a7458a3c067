using Spindle.Metrics.Comparisons;

namespace Spindle.Search.Policies;

/// <summary>What a look at the scores of racing options shows: a pure function of the scores.</summary>
/// <param name="Dropped">The options that cannot be the best, by their index, with their p-values.</param>
/// <param name="Leader">The index of the option with the best mean.</param>
/// <param name="Probability">The largest p-value of the options besides the leader; null if nothing is known about chance.</param>
/// <param name="ExpectedLoss">At most how much keeping the leader is expected to cost; infinite if nothing is known about chance.</param>
internal sealed record RaceLook(IReadOnlyDictionary<int, double> Dropped, int Leader, double? Probability, double ExpectedLoss)
{
    /// <summary>Looks at scores.</summary>
    /// <param name="scores">The scores of each option, at least one option: the same samples in the same order, at least one.</param>
    /// <param name="level">The level at which an option is dropped.</param>
    public static RaceLook At(IReadOnlyList<IReadOnlyList<double>> scores, double level)
    {
        var leader = scores.Index().MaxBy(option => option.Item.Average()).Index;
        if (scores.Count < 2 || OptionPosterior.Paired(scores) is not { } posterior) return new(new Dictionary<int, double>(), leader, null, double.PositiveInfinity);
        var all = new SubsetSelection(posterior);
        var dropped = Enumerable.Range(0, scores.Count).Where(option => option != leader && all.Excludes(option, level)).ToDictionary(option => option, all.Probability);
        int[] left = [.. Enumerable.Range(0, scores.Count).Where(option => !dropped.ContainsKey(option))];
        if (left.Length == 1) return new(dropped, leader, dropped.Values.Max(), 0);
        // the second has the largest p-value unless it varies less than the others, so all that are left are asked
        var probability = left.Where(option => option != leader).Max(all.Probability);
        var rest = left.Length == scores.Count ? all : OptionPosterior.Paired([.. left.Select(option => scores[option])]) is { } among ? new SubsetSelection(among) : null;
        return new(dropped, leader, probability, rest?.ExpectedLoss ?? double.PositiveInfinity);
    }
}
