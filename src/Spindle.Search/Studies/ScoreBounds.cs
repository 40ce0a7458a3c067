namespace Spindle.Search.Studies;

/// <summary>What a mean score over the tasks of a study can be, so that no interval says more.</summary>
/// <param name="Lowest">The lowest mean in points, or null where it is not known or there is none.</param>
public sealed record ScoreBounds(double? Lowest)
{
    /// <summary>The highest mean in points.</summary>
    public const double Highest = 100;

    /// <summary>The bounds of the mean over some tasks.</summary>
    public static ScoreBounds Of(IReadOnlyCollection<TaskChance> tasks) => new(tasks.All(task => task.LowestScore is not null) ? tasks.Average(task => task.LowestScore) : null);

    /// <summary>The part of an interval around a mean that is possible.</summary>
    /// <param name="mean">The mean, which is in the interval in any case.</param>
    /// <param name="half">Half the interval's width.</param>
    public (double Lower, double Upper) Around(double mean, double half) =>
        (Math.Max(mean - half, Math.Min(mean, Lowest ?? double.NegativeInfinity)), Math.Min(mean + half, Math.Max(mean, Highest)));
}
