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

            var needed = Needed(leader, stages);
            foreach (var trial in kept.Where(trial => !needed.Contains(trial)).ToArray())
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

    // the leader, what may lead once its stage is decided, and every side of the comparison
    private HashSet<Trial> Needed(Leader leader, IReadOnlyList<StageRecord> stages)
    {
        HashSet<Trial> needed = [.. leader.Trials];
        foreach (var trials in kept.GroupBy(trial => trial.Spec.Key.Stage))
        {
            var stage = stages.FirstOrDefault(stage => stage.Name == trials.Key);
            if (stage is null or { IsFinalComparison: true } or { IsRefit: true }) needed.UnionWith(trials);
            else if (!stage.IsDecided)
            {
                Leader[] candidates = [.. Leader.Candidates(stage, trials, tasks)];
                // a design that is not trained on every task yet
                needed.UnionWith(trials.Except(candidates.SelectMany(candidate => candidate.Trials)));
                // an option with several designs may be chosen by their mean
                var isByMean = stage.Options.Any(option => option.Designs > 1);
                needed.UnionWith(candidates.DistinctBy(candidate => isByMean ? candidate.Option : "").SelectMany(candidate => candidate.Trials));
            }
        }

        return needed;
    }
}
