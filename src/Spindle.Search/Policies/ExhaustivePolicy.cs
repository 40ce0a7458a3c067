using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The paper's protocol (Chen et al., ICLR 2023, section 3), stage by stage: every sampled design is trained on every task, and the option with the best mean
/// over designs and tasks is kept. Ties go to the first option. A trial that diverged scores as guessing does, and a design of which a trial could not be run is left out. An option without a design that fits the budget cannot be kept.</summary>
/// <param name="problem">The problem.</param>
public sealed class ExhaustivePolicy(SearchProblem problem) : ISearchPolicy
{
    /// <summary>The name in study files.</summary>
    public const string PolicyName = "exhaustive";

    private readonly FinalComparison comparison = new(problem);
    private readonly Dictionary<(string Stage, string Given), StageTrials> sampled = [];

    private long MostDesigns => (1 + (long)StageSequence.OptionsAfterNext(problem.Space, [])) * Settings.SamplesPerOption;

    private SearchSettings Settings => problem.Study.Search;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public long MaximumTrials => MostDesigns * problem.Tasks.Count + comparison.MaximumTrialsAfter(MostDesigns);

    /// <inheritdoc/>
    public void RequireFeasible()
    {
        var decided = new List<StageDecision>();
        while (StageSequence.Next(problem.Space, decided) is { } stage)
        {
            var designs = StageSampler.Draw(problem, stage, samples: 1);
            if (!stage.MayBeInfeasible) StageRecord.Of(stage, designs, "").RequireFeasible(problem);
            if (stage is { Compares: true, MayBeInfeasible: false }) return;
            decided.Add(new(stage.Name, stage.Compares ? null : stage.Options[0].Name));
        }
    }

    /// <inheritdoc/>
    public PolicyStep Next(FinishedTrials finished)
    {
        var (stages, decided) = (new List<StageRecord>(), new List<StageDecision>());
        while (StageSequence.Next(problem.Space, decided) is { } stage)
        {
            var given = StageDecision.Given(decided);
            if (!stage.Compares)
            {
                var only = stage.Options[0].Name;
                stages.Add(StageRecord.Of(stage, [], given) with { IsDecided = true, Chosen = only });
                decided.Add(new(stage.Name, only));
                continue;
            }

            var trials = Sampled(stage, given);
            var waiting = trials.Waiting(finished);
            if (waiting.Count > 0 || (trials.Specs.Count == 0 && !stage.MayBeInfeasible))
            {
                stages.Add(trials.Record);
                return Step(stages, [.. waiting, .. comparison.WaitingBaselines(finished)], decided);
            }

            var chosen = trials.Best(finished);
            stages.Add(trials.Record with { IsDecided = true, Chosen = chosen });
            decided.Add(new(stage.Name, chosen));
        }

        return Compare(stages, StageDecision.Given(decided), Found(decided), finished);
    }

    private PolicyStep Compare(List<StageRecord> stages, string given, TuningPlan.Sized found, FinishedTrials finished)
    {
        var (last, waiting) = comparison.Compare(found, given, finished, stages.Where(stage => stage.Compares).Sum(stage => (long)stage.Options.Sum(option => option.Designs)));
        return new([.. stages, .. last], waiting, waiting.Count == 0);
    }

    private PolicyStep Step(IReadOnlyList<StageRecord> stages, IReadOnlyList<TrialSpec> trials, IReadOnlyList<StageDecision> decided)
    {
        var later = StageSequence.OptionsAfterNext(problem.Space, decided) * Settings.SamplesPerOption * problem.Tasks.Count;
        return new(stages, trials, false)
        {
            TrialsToCome = later + comparison.TrialsOfSide,
            EpochsToCome = (long)later * problem.Study.Epochs + comparison.EpochsOfSide,
        };
    }

    private StageTrials Sampled(Stage stage, string given)
    {
        if (!sampled.TryGetValue((stage.Name, given), out var trials))
            sampled.Add((stage.Name, given), trials = new(problem, stage, StageSampler.Draw(problem, stage, Settings.SamplesPerOption), given, problem.Study.Epochs));
        return trials;
    }

    private TuningPlan.Sized Found(IReadOnlyList<StageDecision> decided) =>
        BudgetSolver.Solve(StageSequence.Found(problem.Space, decided), problem.Budget, problem.Shape, problem.Costs).Require();
}
