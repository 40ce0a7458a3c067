using Spindle.Metrics.Paired;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Results;

/// <summary>The final comparison row by row.</summary>
internal static class RowComparisons
{
    private const int Draws = 1000;
    private const double Points = 100;

    /// <summary>The found design against every baseline: over all tasks, and where there are several, on each. A baseline that shares no seed with the found design
    /// for every task, or whose rows are others since the data changed while the search ran, is left out.</summary>
    public static IReadOnlyList<RowComparison> Of(ITrialStore store, IReadOnlyList<Trial> trials, IReadOnlyList<string> baselines, IReadOnlyList<string> tasks)
    {
        var kept = store.Predictions(FinalComparison.Stage);
        var predictions = trials.Where(trial => kept.ContainsKey(trial.Id)).ToDictionary(trial => trial.Spec.Key, trial => kept[trial.Id]);
        return
        [
            .. baselines.AsParallel().AsOrdered().SelectMany(baseline =>
            {
                var runs = tasks.ToDictionary(task => task, task => Runs(predictions, baseline, task));
                if (runs.Values.Any(runs => runs.Length == 0)) return [];
                string?[] scopes = tasks.Count == 1 ? [null] : [null, .. tasks];
                return scopes.Select(scope => Compare(baseline, scope, scope is null ? [.. runs.Values] : [runs[scope]]));
            }),
        ];
    }

    // of each seed that both have what found and the baseline predicted, split by split
    private static (IReadOnlyList<SplitPredictions> Found, IReadOnlyList<SplitPredictions> Baseline)[] Runs(
        Dictionary<TrialKey, IReadOnlyList<SplitPredictions>> predictions, string baseline, string task)
    {
        (IReadOnlyList<SplitPredictions> Found, IReadOnlyList<SplitPredictions> Baseline)[] runs =
        [
            .. predictions.Where(pair => pair.Key.Option == FinalComparison.Found && pair.Key.Task == task)
                .OrderBy(pair => pair.Key.Sample)
                .Where(pair => predictions.ContainsKey(pair.Key with { Option = baseline }))
                .Select(pair => (pair.Value, predictions[pair.Key with { Option = baseline }])),
        ];
        return runs.All(run => IsOfSameRows(runs[0].Found, run.Found) && IsOfSameRows(runs[0].Found, run.Baseline)) ? runs : [];
    }

    private static bool IsOfSameRows(IReadOnlyList<SplitPredictions> splits, IReadOnlyList<SplitPredictions> others) =>
        splits.Count == others.Count && splits.Zip(others).All(pair => pair.First.IsOfSameRows(pair.Second));

    private static RowComparison Compare(
        string baseline, string? task, IReadOnlyList<(IReadOnlyList<SplitPredictions> Found, IReadOnlyList<SplitPredictions> Baseline)[]> tasks)
    {
        PairedSet[] sets =
        [
            .. tasks.SelectMany(runs => runs[0].Found.Select((_, split) =>
                SplitPredictions.Pair([.. runs.Select(run => (run.Found[split], run.Baseline[split]))], Points / tasks.Count / runs[0].Found.Count))),
        ];
        var rows = new PairedRows(sets);
        return new(baseline, task, sets.Sum(set => set.Rows), rows.Bootstrap(Draws), rows.Permutation(Draws).Probability);
    }
}
