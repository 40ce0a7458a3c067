using Spindle.Search.Stages;
using Spindle.Search.Storage;

namespace Spindle.Search.Execution;

/// <summary>Computes progress from the store's counts: the speed over the last seconds, and the time left from the remaining epochs.</summary>
/// <param name="clock">Tells the time.</param>
public sealed class ProgressMeter(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly Queue<(long Time, long Examples)> looks = [];
    private readonly long began = clock.GetTimestamp();
    private long? workAtFirst;

    /// <summary>The current progress.</summary>
    /// <param name="stage">The current stage.</param>
    /// <param name="counts">The store's counts.</param>
    /// <param name="trialsToCome">The estimated number of trials that later stages will add.</param>
    /// <param name="epochsToCome">The epochs of those trials.</param>
    public SearchProgress Read(StageRecord stage, IReadOnlyList<OptionCount> counts, int trialsToCome, long epochsToCome)
    {
        OptionCount[] here = [.. counts.Where(count => stage.Options.Any(option => count.IsOf(stage, option)))];
        var best = here.Where(count => count.Finished == count.Trials).MaxBy(count => count.Points / count.Trials);
        var done = counts.Sum(count => count.Finished);
        return new(
            stage.Name,
            here.FirstOrDefault(count => count.Finished < count.Trials)?.Option,
            here.Sum(count => count.Finished),
            here.Sum(count => count.Trials),
            done,
            counts.Sum(count => count.Trials) + trialsToCome,
            counts.Sum(count => count.Running),
            Speed(counts.Sum(count => count.Examples)),
            best is null ? null : new(best.Option, best.Points / best.Trials),
            TimeLeft(counts, counts.Sum(count => count.Work - count.WorkDone) + epochsToCome))
        {
            StageTimeLeft = TimeLeft(counts, here.Sum(count => count.Work - count.WorkDone)),
        };
    }

    private double? Speed(long examples)
    {
        var now = clock.GetTimestamp();
        looks.Enqueue((now, examples));
        while (looks.Count > 2 && clock.GetElapsedTime(looks.Peek().Time, now) > Window) looks.Dequeue();
        var (time, before) = looks.Peek();
        var seconds = clock.GetElapsedTime(time, now).TotalSeconds;
        // the rows of a released trial no longer count
        return seconds < 0.5 ? null : Math.Max(0, examples - before) / seconds;
    }

    private TimeSpan? TimeLeft(IReadOnlyList<OptionCount> counts, long workLeft)
    {
        var workDone = counts.Sum(count => count.WorkDone);
        workAtFirst ??= workDone;
        var here = workDone - workAtFirst.Value;
        return here <= 0 ? null : clock.GetElapsedTime(began) * ((double)workLeft / here);
    }
}
