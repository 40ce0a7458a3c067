using Spindle.Data.Tasks;

namespace Spindle.Data.Batching;

/// <summary>Training rows in two parts: those that train, and those that select designs, learning rates and seeds. Both are zero-based indices in ascending order.</summary>
/// <param name="Training">The rows that train.</param>
/// <param name="Selection">The rows that select.</param>
public sealed record SelectionSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Selection)
{
    private const int Bins = 10;

    /// <summary>Splits rows so that every class, or every tenth of the range of values, has the same share on both sides, as nearly as whole rows allow.</summary>
    /// <param name="labels">The class index or value of each row; NaN where a text is asked for.</param>
    /// <param name="kind">What the labels are.</param>
    /// <param name="share">The share of the rows that select, above 0 and below 1.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <exception cref="InvalidDataException">There are too few rows for both parts.</exception>
    public static SelectionSplit Of(IReadOnlyList<double> labels, TaskKind kind, double share, int seed)
    {
        if (share is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "must be above 0 and below 1");
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, labels.Count)];
        random.Shuffle(order);
        var strata = Strata(labels, kind);
        // of the rows of a stratum every so many-th selects; the remainders of all strata add up, so that the whole has its share too
        var selected = new List<int>();
        var owed = 0.5;
        foreach (var row in order.OrderBy(row => strata[row]))
        {
            owed += share;
            if (owed < 1) continue;
            owed--;
            selected.Add(row);
        }

        if (selected.Count == 0 || selected.Count == labels.Count)
            throw new InvalidDataException($"{labels.Count} training rows are too few to set {share:P0} of them aside for selection; use more rows, or 'selection: 0'");
        selected.Sort();
        var chosen = selected.ToHashSet();
        return new([.. Enumerable.Range(0, labels.Count).Where(row => !chosen.Contains(row))], selected);
    }

    private static int[] Strata(IReadOnlyList<double> labels, TaskKind kind)
    {
        if (kind == TaskKind.TextToText) return new int[labels.Count];
        if (kind == TaskKind.Classification) return [.. labels.Select(label => (int)label)];
        var (lowest, highest) = (labels.Min(), labels.Max());
        return [.. labels.Select(label => highest > lowest ? Math.Min(Bins - 1, (int)((label - lowest) / (highest - lowest) * Bins)) : 0)];
    }
}
