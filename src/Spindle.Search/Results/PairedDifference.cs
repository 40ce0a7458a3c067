using Spindle.Metrics.Comparisons;

namespace Spindle.Search.Results;

/// <summary>The difference between two sides of a final comparison, task by task and seed by seed.</summary>
/// <param name="Against">The name of the second side.</param>
/// <param name="Tasks">The points of both sides on each task, at least one task, for the seeds that both have.</param>
public sealed record PairedDifference(string Against, IReadOnlyList<PairedTaskScores> Tasks)
{
    /// <summary>The tested side minus the other in points: for each seed, the mean over tasks.</summary>
    public IReadOnlyList<double> Differences { get; } =
        [.. Enumerable.Range(0, Tasks[0].First.Count).Select(seed => Tasks.Average(task => task.First[seed] - task.Second[seed]))];

    /// <summary>The mean difference in points with its standard error and test. Seeds are independent between tasks.</summary>
    public SideDifference Test { get; } = SideDifference.Paired(Tasks);

    /// <summary>The difference over the seeds that both completed on every task; null if there are none, or no tasks.</summary>
    /// <param name="tested">The first side.</param>
    /// <param name="other">The side that is subtracted.</param>
    /// <param name="tasks">The names of the tasks that count.</param>
    public static PairedDifference? Of(FinalResult tested, FinalResult other, IReadOnlyList<string> tasks)
    {
        int[] seeds = [.. tested.SeedMeans.Keys.Where(other.SeedMeans.ContainsKey).Order()];
        return seeds.Length == 0 || tasks.Count == 0
            ? null
            : new(other.Name, [.. tasks.Select(task => new PairedTaskScores(
                [.. seeds.Select(seed => tested.SeedScores[task][seed])],
                [.. seeds.Select(seed => other.SeedScores[task][seed])]))]);
    }
}
