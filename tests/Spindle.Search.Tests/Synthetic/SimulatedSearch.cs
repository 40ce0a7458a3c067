using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Policies;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>A search without a store or workers, for simulations.</summary>
/// <param name="Stages">The stages without the final comparison.</param>
/// <param name="Found">The found design.</param>
/// <param name="Trials">The trials of the stages.</param>
internal sealed record SimulatedSearch(IReadOnlyList<StageRecord> Stages, Design Found, IReadOnlyList<Trial> Trials)
{
    /// <summary>The found design with its sizes.</summary>
    public required TuningPlan.Sized FoundPlan { get; init; }

    public static SearchProblem Problem(string policy, int seed, int samples, int groups = 4)
    {
        var study = SyntheticStudy.Of(seed: seed, samples: samples, groups: groups, tasks: ["left"], finalSeeds: 1, policy: policy);
        return SyntheticStudy.Problem(study with { Search = study.Search with { Baselines = [] } });
    }

    public static SimulatedSearch Run(SearchProblem problem, Func<TrialRequest, double> score)
    {
        var (policy, finished, trials) = (SearchPolicies.Create(problem), new FinishedTrials(), new List<Trial>());
        var step = policy.Next(finished);
        while (!step.IsDone)
        {
            foreach (var spec in step.Trials)
            {
                trials.Add(new(trials.Count + 1, spec, TrialState.Completed) { Outcome = SyntheticRunner.Outcome(score(new(spec.Key, spec.Plan)), spec.Key.Epochs), EndOrder = trials.Count + 1 });
                finished.Add(trials[^1]);
            }

            step = policy.Next(finished);
        }

        var found = (TuningPlan.Sized)trials.First(trial => trial.Spec.Key is { Stage: FinalComparison.StageName, Option: FinalComparison.Found }).Spec.Plan;
        return new([.. step.Stages.Where(stage => !stage.IsFinalComparison)], found.Design!, [.. trials.Where(trial => trial.Spec.Key.Stage != FinalComparison.StageName)]) { FoundPlan = found };
    }
}
