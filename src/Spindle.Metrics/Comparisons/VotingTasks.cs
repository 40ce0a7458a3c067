namespace Spindle.Metrics.Comparisons;

/// <summary>The tasks that count in a comparison of sides. On a task where no side is better than guessing, sides differ only by noise, so it does not vote.</summary>
public sealed class VotingTasks
{
    /// <summary>How far above chance, in points, some side must score for the task to vote.</summary>
    public const double UsualMargin = 2;

    private readonly Dictionary<string, Range> ranges;

    private VotingTasks(IReadOnlyList<string> names, IReadOnlyList<string> atChance, Dictionary<string, Range> ranges) =>
        (Names, AtChance, this.ranges) = (names, atChance, ranges);

    /// <summary>The tasks that vote, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The tasks on which no side is above chance by the margin, in order.</summary>
    public IReadOnlyList<string> AtChance { get; }

    /// <summary>Finds the tasks that vote.</summary>
    /// <param name="tasks">The tasks with what each side scores on them, in points. A task that no side was scored on is neither voting nor at chance.</param>
    /// <param name="margin">How far above chance the best side must score, in points, at least 0.</param>
    public static VotingTasks Of(IReadOnlyList<ScoredTask> tasks, double margin = UsualMargin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        var scored = tasks.Where(task => task.Scores.Count > 0).ToArray();
        var voting = scored.Where(task => task.Scores.Max() > task.Chance + margin).ToArray();
        return new(
            [.. voting.Select(task => task.Name)],
            [.. scored.Except(voting).Select(task => task.Name)],
            voting.ToDictionary(task => task.Name, task => new Range(task.Chance, task.Scores.Max()), StringComparer.Ordinal));
    }

    /// <summary>The mean of a side over the voting tasks in points; null if none votes, or if the side has no score on one of them.</summary>
    /// <param name="scores">The side's scores in points by task.</param>
    public double? Mean(IReadOnlyDictionary<string, double> scores) => Mean(scores, (score, _) => score);

    /// <summary>The mean over the voting tasks of a side's scores between chance (0) and the best side (100), so that a task with a narrow range counts as much as one with a wide
    /// range. Negative below chance. Null if no task votes, or if the side has no score on one of them.</summary>
    /// <param name="scores">The side's scores in points by task.</param>
    public double? Normalized(IReadOnlyDictionary<string, double> scores) =>
        Mean(scores, (score, range) => 100 * (score - range.Chance) / (range.Best - range.Chance));

    private double? Mean(IReadOnlyDictionary<string, double> scores, Func<double, Range, double> value) =>
        Names.Count > 0 && Names.All(scores.ContainsKey) ? Names.Average(task => value(scores[task], ranges[task])) : null;

    private sealed record Range(double Chance, double Best);
}

/// <summary>A task and what each side scores on it.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Chance">The score of guessing in points.</param>
/// <param name="Scores">The score of each side in points.</param>
public sealed record ScoredTask(string Name, double Chance, IReadOnlyList<double> Scores);
