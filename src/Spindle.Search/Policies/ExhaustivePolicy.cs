using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The paper's protocol (Chen et al., ICLR 2023, section 3), stage by stage: every sampled design is trained on every task, and the option with the best mean
/// over designs and tasks is kept. Ties go to the first option. A trial that diverged scores as guessing does, and a design of which a trial could not be run is left out. An option without a design that fits the budget cannot be kept.
/// A limit of trials or examples decides how many designs, rows and seeds there are; it is divided again before each stage.</summary>
/// <param name="problem">The problem.</param>
public sealed class ExhaustivePolicy(SearchProblem problem) : ISearchPolicy
{
    /// <summary>The name in study files.</summary>
    public const string PolicyName = "exhaustive";

    private readonly Dictionary<(string Stage, string Given, StagePlan Plan), StageTrials> sampled = [];
    private readonly StagePlanner planner = new(problem);
    private readonly PlannedComparisons comparisons = new(problem);

    private int MostOptions => 1 + StageSequence.OptionsAfterNext(problem.Space, []);

    private long MostDesigns => (long)MostOptions * Settings.SamplesPerOption;

    private bool IsLimited => Settings.Limit.IsLimited;

    private SearchSettings Settings => problem.Study.Search;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public long MaximumTrials => Math.Min(MostDesigns * problem.Tasks.Count + comparisons.Whole.MaximumTrialsAfter(MostDesigns), Settings.Limit.Trials ?? long.MaxValue);

    /// <inheritdoc/>
    public long? MaximumExamples => planner.MaximumExamples((double)MostDesigns * problem.Study.Epochs);

    /// <inheritdoc/>
    public string? Outlook => !IsLimited || planner.Stage(1, MostOptions - 1, []) is var plan && plan == StagePlan.Of(problem.Study)
        ? null
        : $"the limit of {Settings.Limit} allows about {plan.Allowed(problem.Study)}; what a stage leaves goes to the next ones";

    /// <inheritdoc/>
    public void RequireFeasible()
    {
        if (IsLimited) planner.RequireEnough(MostOptions);
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
        var (stages, decided, spent) = (new List<StageRecord>(), new List<StageDecision>(), new List<Trial>());
        var last = StagePlan.Of(problem.Study);
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

            var plan = IsLimited ? planner.Stage(stage.Options.Count, StageSequence.OptionsAfterNext(problem.Space, decided), spent) : last;
            var trials = Sampled(stage, given, plan);
            // said once for stages that are planned alike
            var leftOut = plan == last ? null : FormattableString.Invariant($"the limit of {Settings.Limit} allows {plan.Allowed(problem.Study)} from {stage.Name} on");
            last = plan;
            var waiting = trials.Waiting(finished);
            if (waiting.Count > 0 || (trials.Specs.Count == 0 && !stage.MayBeInfeasible))
            {
                stages.Add(trials.Record with { LeftOut = leftOut });
                // what baselines may cost is known when the stages have ended
                return Step(stages, IsLimited ? waiting : [.. waiting, .. comparisons.Whole.WaitingBaselines(finished)], decided, plan);
            }

            var chosen = trials.Best(finished);
            stages.Add(trials.Record with { IsDecided = true, Chosen = chosen, LeftOut = leftOut });
            decided.Add(new(stage.Name, chosen));
            spent.AddRange(trials.Specs.Select(spec => finished.Find(spec.Key)!));
        }

        return Compare(stages, StageDecision.Given(decided), Found(decided), spent, finished);
    }

    private PolicyStep Compare(List<StageRecord> stages, string given, TuningPlan.Sized found, IReadOnlyCollection<Trial> spent, FinishedTrials finished)
    {
        var (last, waiting) = comparisons.Of(planner.Comparison(spent)).Compare(found, given, finished, stages.Where(stage => stage.Compares).Sum(stage => (long)stage.Options.Sum(option => option.Designs)));
        return new([.. stages, .. last], waiting, waiting.Count == 0);
    }

    private PolicyStep Step(IReadOnlyList<StageRecord> stages, IReadOnlyList<TrialSpec> trials, IReadOnlyList<StageDecision> decided, StagePlan plan)
    {
        var later = StageSequence.OptionsAfterNext(problem.Space, decided) * plan.Samples * problem.Tasks.Count;
        return new(stages, trials, false)
        {
            TrialsToCome = later + comparisons.Whole.TrialsOfSide,
            EpochsToCome = (long)later * plan.Epochs + comparisons.Whole.EpochsOfSide,
        };
    }

    private StageTrials Sampled(Stage stage, string given, StagePlan plan)
    {
        if (sampled.TryGetValue((stage.Name, given, plan), out var trials)) return trials;
        // trials under other conditions are not counted with these
        var conditions = SideOptions.Given(given, null, epochs: plan.Epochs == problem.Study.Epochs ? null : plan.Epochs, rows: plan.Rows);
        sampled.Add((stage.Name, given, plan), trials = new(problem, stage, StageSampler.Draw(problem, stage, plan.Samples), conditions, plan.Epochs, plan.Rows));
        return trials;
    }

    private TuningPlan.Sized Found(IReadOnlyList<StageDecision> decided) =>
        BudgetSolver.Solve(StageSequence.Found(problem.Space, decided), problem.Budget, problem.Shape, problem.Costs).Require();
}
