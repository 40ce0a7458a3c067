using Spindle.Designs.Plans;
using Spindle.Search.Trials;

namespace Spindle.Reports.Html;

/// <summary>A design that was trained on every task under the same conditions, as a point of the figures.</summary>
/// <param name="Stage">The stage that asked for it.</param>
/// <param name="Option">Its option there.</param>
/// <param name="Points">The mean over tasks, in points, on the rows that select.</param>
/// <param name="Trained">Trained parameters without the head; null if that is not known.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="TrainingRows">The number of training rows, or null for all.</param>
/// <param name="LearningRate">The learning rate, or null for the study's.</param>
/// <param name="Curve">The mean over tasks after each epoch; empty where only the last epoch was scored.</param>
/// <param name="Design">The design, or null for what is not one.</param>
internal sealed record DesignPoint(string Stage, string Option, double Points, long? Trained, int Epochs, int? TrainingRows, double? LearningRate, IReadOnlyList<double> Curve, string? Design)
{
    /// <summary>The designs of trials, in the order in which they were added. A design counts once it has a score on every task; the seeds of a final comparison are separate points.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="tasks">The number of tasks.</param>
    public static IReadOnlyList<DesignPoint> Of(IEnumerable<Trial> trials, int tasks) =>
    [
        .. from trial in trials
           where trial.Counts
           group trial by (trial.Spec.Key.Stage, trial.Spec.Key.Option, trial.Spec.Key.Given, trial.Spec.Key.Sample) into design
           where design.Count() == tasks
           select Of([.. design]),
    ];

    private static DesignPoint Of(Trial[] trials)
    {
        var (key, plan) = (trials[0].Spec.Key, trials[0].Spec.Plan);
        var epochs = trials.Min(trial => trial.Outcome?.EpochScores.Count ?? 0);
        return new(
            key.Stage,
            key.Option,
            trials.Average(trial => trial.Points),
            plan.Trained ?? trials[0].Outcome?.Trained,
            key.Epochs,
            key.TrainingRows,
            key.LearningRate,
            epochs < 2 ? [] : [.. Enumerable.Range(0, epochs).Select(epoch => trials.Average(trial => trial.Outcome!.EpochScores[epoch]))],
            (plan as TuningPlan.Sized)?.Design?.ToString());
    }
}
