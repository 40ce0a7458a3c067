using Spindle.Designs.Budgets;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The paper's stages as races: the options of a stage are trained in rounds, what cannot be the best is dropped, and a stage ends when one option is left, when the rest are
/// equal within a margin, or at <c>samples-per-option</c> designs. Later stages reuse the trials of earlier ones that satisfy what was fixed. S0, which has one option, ends after its first round.
/// A limit of trials or examples holds as for <see cref="ExhaustivePolicy"/>.</summary>
/// <param name="problem">The problem.</param>
public sealed class StagedPolicy(SearchProblem problem) : ISearchPolicy
{
    /// <summary>The name in study files.</summary>
    public const string PolicyName = "staged";

    // of each option that is to come, for display
    private const int UsualDesigns = 4;

    private readonly Dictionary<(string Stage, string Given, StagePlan Plan), StageRace> races = [];
    private readonly PlanNumbers numbers = new();
    private readonly StagePlanner planner = new(problem);
    private readonly PlannedComparisons comparisons = new(problem);
    private readonly ExhaustivePolicy exhaustive = new(problem);

    private bool IsLimited => problem.Study.Search.Limit.IsLimited;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public long MaximumTrials => exhaustive.MaximumTrials;

    /// <inheritdoc/>
    public long? MaximumExamples => exhaustive.MaximumExamples;

    /// <inheritdoc/>
    public string? Outlook => exhaustive.Outlook;

    /// <inheritdoc/>
    public void RequireFeasible()
    {
        if (IsLimited) planner.RequireEnough(1 + StageSequence.OptionsAfterNext(problem.Space, []));
        var decided = new List<StageDecision>();
        while (StageSequence.Next(problem.Space, decided) is { } stage)
        {
            if (!stage.MayBeInfeasible) StageRecord.Of(stage, StageRace.Draws(problem, stage).Take(1), "").RequireFeasible(problem);
            if (stage is { Compares: true, MayBeInfeasible: false }) return;
            decided.Add(new(stage.Name, stage.Compares ? null : stage.Options[0].Name));
        }
    }

    /// <inheritdoc/>
    public PolicyStep Next(FinishedTrials finished)
    {
        var (stages, decided, trained) = (new List<StageRecord>(), new List<StageDecision>(), new TrialReuse());
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

            var plan = IsLimited ? planner.Stage(stage.Options.Count, StageSequence.OptionsAfterNext(problem.Space, decided), Spent(trained, finished)) : last;
            // said once for stages that are planned alike
            var leftOut = plan == last ? null : FormattableString.Invariant($"the limit of {problem.Study.Search.Limit} allows at most {plan.Allowed(problem.Study)} from {stage.Name} on");
            last = plan;
            var (record, waiting) = Race(stage, given, plan).Next(trained, finished);
            stages.Add(record with { LeftOut = leftOut });
            if (record.IsInfeasible && stage.MayBeInfeasible) stages[^1] = stages[^1] with { IsDecided = true };
            else if (!record.IsDecided) return Step(stages, [.. waiting, .. IsLimited ? [] : comparisons.Whole.WaitingBaselines(finished)], decided, plan);
            decided.Add(new(stage.Name, record.Chosen));
        }

        var found = BudgetSolver.Solve(StageSequence.Found(problem.Space, decided), problem.Budget, problem.Shape, problem.Costs).Require();
        var (comparison, trials) = comparisons.Of(planner.Comparison(Spent(trained, finished))).Compare(found, StageDecision.Given(decided), finished, trained.All.Count);
        return new([.. stages, .. comparison], trials, trials.Count == 0);
    }

    private static IReadOnlyCollection<Trial> Spent(TrialReuse trained, FinishedTrials finished) => [.. trained.All.SelectMany(design => design.Trials).Select(spec => finished.Find(spec.Key)).OfType<Trial>()];

    private PolicyStep Step(IReadOnlyList<StageRecord> stages, IReadOnlyList<TrialSpec> waiting, IReadOnlyList<StageDecision> decided, StagePlan plan)
    {
        var later = StageSequence.OptionsAfterNext(problem.Space, decided) * Math.Min(UsualDesigns, plan.Samples) * problem.Tasks.Count;
        return new(stages, waiting, false)
        {
            TrialsToCome = later + comparisons.Whole.TrialsOfSide,
            EpochsToCome = (long)later * plan.Epochs + comparisons.Whole.EpochsOfSide,
        };
    }

    private StageRace Race(Stage stage, string given, StagePlan plan)
    {
        if (races.TryGetValue((stage.Name, given, plan), out var race)) return race;
        // trials under other conditions are not counted with these
        var conditions = SideOptions.Given(given, null, epochs: plan.Epochs == problem.Study.Epochs ? null : plan.Epochs, rows: plan.Rows);
        races.Add((stage.Name, given, plan), race = new(problem, stage, conditions, plan, numbers));
        return race;
    }
}
