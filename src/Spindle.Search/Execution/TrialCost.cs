using Spindle.Designs.Plans;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>What trials are expected to cost. Where several workers share a queue, the most expensive trials start first, so that no worker is left with a long one while the others wait for the end of the stage.</summary>
/// <param name="tasks">The study's tasks.</param>
internal sealed class TrialCost(IReadOnlyList<TaskChance> tasks)
{
    // the gradients of all weights are a third matrix product beside those of the forward pass and of the inputs
    private const double FullFineTuning = 1.5;

    private readonly Dictionary<string, TaskChance> byName = tasks.ToDictionary(task => task.Name, StringComparer.Ordinal);

    /// <summary>The trials, the most expensive first; those of equal costs in the order that they have.</summary>
    /// <param name="trials">The trials.</param>
    public IEnumerable<TrialSpec> Sort(IEnumerable<TrialSpec> trials) => trials.OrderByDescending(Of);

    // the tokens that are trained on; a trial of no epochs only scores
    private double Of(TrialSpec trial)
    {
        if (!byName.TryGetValue(trial.Key.Task, out var task)) return 0;
        var rows = trial.Key.UsesAllRows ? task.AllRows : trial.Key.TrainingRows ?? task.TrainingRows;
        return task.TokensPerRow * rows * trial.Key.Epochs * (trial.Key.AveragedRuns ?? 1) * (trial.Plan is TuningPlan.Full ? FullFineTuning : 1);
    }
}
