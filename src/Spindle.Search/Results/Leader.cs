using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Search.Results;

/// <summary>The best trained side so far, before the search has ended: what it would hand back if it were stopped now.</summary>
/// <param name="Stage">The stage that trained it.</param>
/// <param name="Option">Its option in that stage.</param>
/// <param name="Points">Its mean over tasks on the rows that select.</param>
/// <param name="Trials">Its trial on each task.</param>
public sealed record Leader(string Stage, string Option, double Points, IReadOnlyList<Trial> Trials)
{
    /// <summary>The leader in words: <c>design 3 at 0.001 in rung 2, 84.25 points</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Option} in {Stage}, {Points:0.00} points");

    /// <summary>The leader of the last stage that is decided: the best of the chosen option, or of all where none was chosen.
    /// A later stage that is not decided leads where it scores better. Only trials that keep their weights and completed on every task count. Null if there are none.</summary>
    /// <param name="stages">The stages begun so far, in order.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="tasks">The number of tasks.</param>
    internal static Leader? Of(IReadOnlyList<StageRecord> stages, IEnumerable<Trial> trials, int tasks)
    {
        var ended = trials.ToLookup(trial => trial.Spec.Key.Stage);
        Leader? leader = null;
        foreach (var stage in stages)
        {
            Leader[] here = [.. Candidates(stage, ended[stage.Name], tasks)];
            // of the designs that a stage reuses, only the weights of the leader are still there
            if (leader?.As(stage) is { } reused) here = [.. here.Append(reused).OrderByDescending(candidate => candidate.Points)];
            if (here.Length == 0 || (leader is not null && IsReused(stage, stage.Chosen) && here.All(candidate => candidate.Option != stage.Chosen))) continue;
            var best = Best(stage, here);
            // the last training leaves no rows to compare it on
            if (leader is null || stage.IsDecided || (!stage.IsRefit && best.Points > leader.Points)) leader = best;
        }

        return leader;
    }

    // the leader as a candidate of a later stage that reuses its design; null if it does not
    private Leader? As(StageRecord stage) =>
        stage.Options.FirstOrDefault(option => option.Reused.Count > 0 && Trials.All(trial => option.Counts(stage.Name, trial.Spec.Key))) is { } option ? this with { Stage = stage.Name, Option = option.Name } : null;

    private static bool IsReused(StageRecord stage, string? option) => stage.Options.Any(other => other.Name == option && other.Reused.Count > 0);

    /// <summary>What a stage has trained on every task.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="tasks">The number of tasks.</param>
    internal static IEnumerable<Leader> Candidates(StageRecord stage, IEnumerable<Trial> trials, int tasks) => trials
        .Where(trial => trial is { State: TrialState.Completed, Spec.KeepsWeights: true } && stage.Options.Any(option => option.Name == trial.Spec.Key.Option && option.Given == trial.Spec.Key.Given))
        .GroupBy(trial => (trial.Spec.Key.Option, trial.Spec.Key.Sample))
        .Where(candidate => candidate.Count() == tasks)
        .Select(candidate => new Leader(stage.Name, candidate.Key.Option, candidate.Average(trial => trial.Points), [.. candidate]))
        // of equal ones, the first that was added
        .OrderByDescending(candidate => candidate.Points).ThenBy(candidate => candidate.Trials.Min(trial => trial.Id));

    // seeds of one side tell about each other; designs of an option differ
    private static Leader Best(StageRecord stage, Leader[] candidates)
    {
        var means = candidates.GroupBy(candidate => candidate.Option).ToDictionary(option => option.Key, option => option.Average(candidate => candidate.Points));
        return candidates
            // a final comparison names the found design, whether it won or not
            .OrderByDescending(candidate => stage.IsDecided && candidate.Option == stage.Chosen && !(stage.IsFinalComparison && stage.Chosen == FinalComparison.Found))
            .ThenByDescending(candidate => stage.IsFinalComparison ? means[candidate.Option] : 0)
            .First();
    }
}
