using Spindle.Metrics.Comparisons;

namespace Spindle.Search.Results;

/// <summary>The difference between the found design and a baseline, task by task and seed by seed.</summary>
/// <param name="Against">The baseline's name.</param>
/// <param name="Tasks">The points of the found design and of the baseline on each task, at least one task, for the seeds that both have.</param>
public sealed record PairedDifference(string Against, IReadOnlyList<PairedTaskScores> Tasks)
{
    /// <summary>Found minus baseline in points: for each seed, the mean over tasks.</summary>
    public IReadOnlyList<double> Differences { get; } =
        [.. Enumerable.Range(0, Tasks[0].First.Count).Select(seed => Tasks.Average(task => task.First[seed] - task.Second[seed]))];

    /// <summary>The mean difference in points with its standard error and test. Seeds are independent between tasks.</summary>
    public SideDifference Test { get; } = SideDifference.Paired(Tasks);

    /// <summary>The difference over the seeds that both completed on every task; null if there are none, or no tasks.</summary>
    /// <param name="found">The found design.</param>
    /// <param name="baseline">The baseline.</param>
    /// <param name="tasks">The names of the tasks that count.</param>
    public static PairedDifference? Of(FinalResult found, FinalResult baseline, IReadOnlyList<string> tasks)
    {
        int[] seeds = [.. found.SeedMeans.Keys.Where(baseline.SeedMeans.ContainsKey).Order()];
        return seeds.Length == 0 || tasks.Count == 0
            ? null
            : new(baseline.Name, [.. tasks.Select(task => new PairedTaskScores(
                [.. seeds.Select(seed => found.SeedScores[task][seed])],
                [.. seeds.Select(seed => baseline.SeedScores[task][seed])]))]);
    }
}
