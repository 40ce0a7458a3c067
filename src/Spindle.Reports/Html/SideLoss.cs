using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Reports.Html;

/// <summary>The training loss of a side of the final comparison on a task.</summary>
/// <param name="Side">The side's name.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Seeds">The number of seeds that the loss is the mean over.</param>
/// <param name="Points">The mean over the seeds, as far as all of them have trained.</param>
internal sealed record SideLoss(string Side, string Task, int Seeds, IReadOnlyList<LossPoint> Points)
{
    private const int FewestPoints = 2;
    private const int Decimals = 6;

    /// <summary>The losses of every side, task by task; those of the leader where no side has one yet. A side whose loss was not reported, such as one that is not trained, is left out.</summary>
    /// <param name="result">The result.</param>
    /// <param name="trials">The trials of its store.</param>
    /// <param name="losses">The curve of a trial's training loss by the trial's number.</param>
    public static IReadOnlyList<SideLoss> Of(StudyResult result, IEnumerable<Trial> trials, Func<long, IReadOnlyList<LossPoint>> losses)
    {
        var finals = trials.Where(trial => trial.Spec.Key.Stage == FinalComparison.StageName && trial.State == TrialState.Completed).ToLookup(trial => trial.Spec.Key.Option);
        SideLoss[] sides = [.. result.Study.Tasks.SelectMany(task => result.Sides.Select(side => Of(side.Name, task.Name, finals[side.Name], losses)).OfType<SideLoss>())];
        return sides.Length > 0 || result.Leader is not { } leader
            ? sides
            : [.. result.Study.Tasks.Select(task => Of(leader.Option, task.Name, leader.Trials, losses)).OfType<SideLoss>()];
    }

    private static SideLoss? Of(string side, string task, IEnumerable<Trial> trials, Func<long, IReadOnlyList<LossPoint>> losses)
    {
        Trial[] here = [.. trials.Where(trial => trial.Spec.Key.Task == task)];
        // a study that grew may have compared the side under other conditions before
        var last = here.LastOrDefault()?.Spec.Key;
        IReadOnlyList<LossPoint>[] curves = [.. here
            .Where(trial => trial.Spec.Key with { Seed = 0, Sample = 0, Split = 0 } == last! with { Seed = 0, Sample = 0, Split = 0 })
            .Select(trial => losses(trial.Id)).Where(curve => curve.Count >= FewestPoints)];
        return curves.Length == 0 ? null : new(side, task, curves.Length, Mean(curves));
    }

    // at the points of the curve that ends first, so that the mean is over the same seeds everywhere
    private static LossPoint[] Mean(IReadOnlyList<LossPoint>[] curves) =>
        [.. curves.MinBy(curve => curve[^1].Examples)!.Select(point => new LossPoint(point.Examples, Math.Round(curves.Average(curve => At(curve, point.Examples)), Decimals)))];

    // on the straight line between two points
    private static double At(IReadOnlyList<LossPoint> curve, long examples)
    {
        var after = curve.TakeWhile(point => point.Examples < examples).Count();
        if (after == 0) return curve[0].Loss;
        if (after == curve.Count) return curve[^1].Loss;
        var (start, end) = (curve[after - 1], curve[after]);
        return start.Loss + ((end.Loss - start.Loss) * (examples - start.Examples) / (end.Examples - start.Examples));
    }
}
