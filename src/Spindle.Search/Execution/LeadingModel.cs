using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Keeps the tuned weights of the search's <see cref="Leader"/> in <see cref="TrialWeights.Best"/> while the search runs, so that a search that is stopped leaves the best model so far.
/// The weights of trials that no longer matter are deleted.</summary>
/// <param name="root">The tuned folder.</param>
/// <param name="tasks">The number of tasks.</param>
internal sealed class LeadingModel(string root, int tasks)
{
    private readonly List<Trial> ended = [];
    private readonly HashSet<Trial> kept = [];
    private Leader? saved;

    /// <summary>Adds a trial that has ended.</summary>
    public void Add(Trial trial)
    {
        ended.Add(trial);
        if (trial.Spec.KeepsWeights && Directory.Exists(TrialWeights.TrialFolder(root, trial.Spec.Key))) kept.Add(trial);
    }

    /// <summary>Copies the leader's weights if it is a new one, and deletes those of others.</summary>
    /// <param name="stages">The stages begun so far, in order.</param>
    public void Update(IReadOnlyList<StageRecord> stages)
    {
        if (kept.Count == 0 || Leader.Of(stages, ended, tasks) is not { } leader) return;
        try
        {
            // an earlier run may have moved them to their places
            if (leader.Trials.All(kept.Contains) && !leader.Trials.SequenceEqual(saved?.Trials ?? []))
            {
                foreach (var trial in leader.Trials) TrialWeights.CopyToBest(root, trial.Spec.Key);
                saved = leader;
            }

            foreach (var trial in kept.Where(trial => IsSpent(trial, leader, stages)).ToArray())
            {
                Directory.Delete(TrialWeights.TrialFolder(root, trial.Spec.Key), recursive: true);
                kept.Remove(trial);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // without room, the search still finds its winner; the next leader is tried again
        }
    }

    // the end of the search needs every side of the comparison; a design that is not trained on every task yet may lead
    private bool IsSpent(Trial trial, Leader leader, IReadOnlyList<StageRecord> stages) => !leader.Trials.Contains(trial)
        && stages.FirstOrDefault(stage => stage.Name == trial.Spec.Key.Stage) is { IsFinalComparison: false, IsRefit: false } stage
        && (stage.IsDecided || tasks == 1 || ended.Count(other => other.Spec.Key with { Task = trial.Spec.Key.Task, Seed = trial.Spec.Key.Seed } == trial.Spec.Key) == tasks);
}
