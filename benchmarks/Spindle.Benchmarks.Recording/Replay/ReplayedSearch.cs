using Spindle.Search.Policies;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Search.WarmStarts;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>What a replayed search handed back.</summary>
/// <param name="Truth">The winner's score on the rows that report.</param>
/// <param name="Plain">The score of the best strategy alone, see <see cref="ReplayTable.BestPlain"/>, on the same rows.</param>
/// <param name="Winner">The recorded candidate that stands for the winner.</param>
/// <param name="Examples">The example passes of all its trials.</param>
/// <param name="Trials">The number of its trials.</param>
/// <param name="Exact">The trials whose design was recorded.</param>
internal sealed record ReplayedSearch(double Truth, double Plain, string Winner, long Examples, int Trials, int Exact)
{
    /// <summary>Runs a search of a policy on recorded trials.</summary>
    /// <param name="table">The recorded trials.</param>
    /// <param name="problem">The problem, whose study names the policy and the seed.</param>
    /// <exception cref="InvalidDataException">The study cannot be searched with what is recorded.</exception>
    public static ReplayedSearch Run(ReplayTable table, SearchProblem problem)
    {
        var (stages, ended, runner) = Drive(table, problem);
        var chosen = stages.Single(stage => stage.IsFinalComparison).Chosen;
        var winner = ended.FirstOrDefault(trial => trial.Spec.Key.Stage == FinalComparison.StageName && trial.Spec.Key.Option == chosen)?.Spec
            ?? throw new InvalidDataException($"policy '{problem.Study.Search.Policy}' ended without a winner");
        var candidate = runner.CandidateOf(winner.Key, winner.Plan);
        return new(candidate.Worth(runner.Draw), table.BestPlain.Worth(runner.Draw), FormattableString.Invariant($"{candidate.First.Name} at {candidate.First.Rate}"), runner.Examples, runner.Trials, runner.Exact);
    }

    /// <summary>Runs a search, and hands its scores to another one that starts from them.</summary>
    /// <param name="table">The recorded trials.</param>
    /// <param name="problem">The problem of the search.</param>
    /// <param name="later">The problem of the other one.</param>
    public static EarlierStudy Earlier(ReplayTable table, SearchProblem problem, SearchProblem later)
    {
        var (stages, ended, _) = Drive(table, problem);
        return EarlierStores.Of(later, "earlier", "earlier", StudyRecord.Of(problem, problem.Study.Search.Policy), stages, ended);
    }

    private static (IReadOnlyList<StageRecord> Stages, IReadOnlyList<Trial> Ended, RecordedRunner Runner) Drive(ReplayTable table, SearchProblem problem)
    {
        var (policy, runner, finished) = (SearchPolicies.Create(problem), new RecordedRunner(table, table.Draw(problem.Study.Search.Seed), problem.Study), new FinishedTrials());
        policy.RequireFeasible();
        var ended = new List<Trial>();
        var step = policy.Next(finished);
        while (!step.IsDone)
        {
            if (step.Trials.Count == 0) throw new InvalidDataException($"policy '{policy.Name}' asks for no trial and has not ended");
            foreach (var spec in step.Trials)
            {
                var outcome = runner.Run(new(spec.Key, spec.Plan) { ScoresValidation = spec.KeepsPredictions }, null, CancellationToken.None);
                ended.Add(new(ended.Count + 1, spec, outcome.Failure is null ? TrialState.Completed : TrialState.Diverged) { Outcome = outcome, Failure = outcome.Failure, EndOrder = ended.Count + 1 });
                finished.Add(ended[^1]);
            }

            step = policy.Next(finished);
        }

        return (step.Stages, ended, runner);
    }
}
