using Spindle.Metrics.Paired;
using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Results;

/// <summary>The final comparison row by row.</summary>
internal static class RowComparer
{
    private const int Draws = 1000;
    private const double Points = 100;

    /// <summary>One side against every other: over all tasks and, if there are several, on each task. Counts the seeds for which both sides keep predictions on
    /// every task. The tasks that vote count in the comparison over all tasks. Leaves out a baseline without such a seed, or with other rows because the data changed during the search.</summary>
    public static IReadOnlyList<RowComparison> Compare(ITrialStore store, StageRecord final, string reference, IReadOnlyList<Trial> trials, IReadOnlyList<string> tasks, IReadOnlyList<string> voting)
    {
        var kept = store.Predictions(final.Name);
        var predictions = trials
            .Where(trial => kept.ContainsKey(trial.Id) && final.Options.Any(option => option.Name == trial.Spec.Key.Option && option.Given == trial.Spec.Key.Given))
            .ToDictionary(trial => (trial.Spec.Key.Option, trial.Spec.Key.Sample, trial.Spec.Key.Task), trial => kept[trial.Id]);
        string[] counted = [.. tasks.Where(task => voting.Count == 0 || voting.Contains(task))];
        int[] samples = [.. predictions.Keys.Select(key => key.Sample).Distinct().Order()];
        return [.. final.Options.Where(option => option.Name != reference).Select(option => option.Name).AsParallel().AsOrdered().SelectMany(Against)];

        IEnumerable<RowComparison> Against(string baseline)
        {
            int[] seeds = [.. samples.Where(sample => tasks.All(task => predictions.ContainsKey((reference, sample, task)) && predictions.ContainsKey((baseline, sample, task))))];
            if (seeds.Length == 0) return [];
            var compared = new List<ComparedTask>();
            foreach (var task in tasks)
            {
                (IReadOnlyList<SplitPredictions> Reference, IReadOnlyList<SplitPredictions> Baseline)[] runs =
                    [.. seeds.Select(sample => (predictions[(reference, sample, task)], predictions[(baseline, sample, task)]))];
                if (!runs.All(run => IsOfSameRows(runs[0].Reference, run.Reference) && IsOfSameRows(runs[0].Reference, run.Baseline))) return [];
                var weight = Points / runs[0].Reference.Count;
                compared.Add(new(
                    task,
                    [.. runs[0].Reference.Select((_, split) => SplitPredictions.Pair([.. runs.Select(run => (run.Reference[split], run.Baseline[split]))], weight))],
                    [.. runs[0].Reference.Select((_, split) => new SeededSplit(
                        [.. runs.Select(run => run.Reference[split].Pairs())], [.. runs.Select(run => run.Baseline[split].Pairs())], weight))]));
            }
            var all = Compare(baseline, null, seeds.Length, [.. compared.Where(task => counted.Contains(task.Name)).Select(task => task.Weighing(1.0 / counted.Length))]);
            return tasks.Count == 1 ? [all] : [all, .. compared.Select(task => Compare(baseline, task.Name, seeds.Length, [task]))];
        }
    }

    private static bool IsOfSameRows(IReadOnlyList<SplitPredictions> splits, IReadOnlyList<SplitPredictions> others) =>
        splits.Count == others.Count && splits.Zip(others).All(pair => pair.First.IsOfSameRows(pair.Second));

    private static RowComparison Compare(string baseline, string? task, int seeds, IReadOnlyList<ComparedTask> tasks)
    {
        PairedSet[] sets = [.. tasks.SelectMany(compared => compared.Rows)];
        var rows = new PairedRows(sets);
        return new(baseline, task, sets.Sum(set => set.Rows), seeds, rows.Bootstrap(Draws), rows.Permutation(Draws).Probability)
        {
            SeedsAndRows = seeds < 2 ? null : MultiBootstrap.Paired([.. tasks.Select(compared => compared.Splits)]).Run(Draws),
        };
    }

    // the splits of a task, once for sampling rows alone and once for sampling seeds and rows
    private sealed record ComparedTask(string Name, IReadOnlyList<PairedSet> Rows, IReadOnlyList<SeededSplit> Splits)
    {
        public ComparedTask Weighing(double factor) => new(
            Name, [.. Rows.Select(set => set.Weighing(factor * set.Weight))], [.. Splits.Select(split => split with { Weight = factor * split.Weight })]);
    }
}
