using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The comparison at the end of a search: the found design, each strategy of the space alone with an equal share in every layer, and full fine-tuning, all with the
/// same seeds on the same tasks.</summary>
/// <param name="problem">The problem.</param>
public sealed class FinalComparison(SearchProblem problem)
{
    /// <summary>The stage's name.</summary>
    public const string StageName = "Final";

    /// <summary>The name of the found design among the options.</summary>
    public const string Found = "found";

    /// <summary>The name of full fine-tuning among the options.</summary>
    public const string Full = "full";

    // below every trial that a decision waits for: baselines only fill idle workers
    private const int BaselinePriority = 1;

    private readonly IReadOnlyList<Side> baselines = Sides(problem);

    /// <summary>The number of trials of a complete comparison if every baseline fits the budget.</summary>
    public int MaximumTrials => (baselines.Count + 1) * problem.Study.Search.FinalSeeds * problem.Tasks.Count;

    /// <summary>The trials of the baselines, seed by seed. They depend on no decision, so they can run at any time. A baseline that does not fit the budget has none.</summary>
    public IReadOnlyList<TrialSpec> Baselines => [.. Seeds.SelectMany(seed => baselines.SelectMany(side => Trials(side, seed)))];

    /// <summary>The trials of the found design, seed by seed.</summary>
    /// <param name="found">The found design with its sizes.</param>
    /// <param name="given">The decisions that fixed it.</param>
    public IReadOnlyList<TrialSpec> TrialsOf(TuningPlan.Sized found, string given) => [.. Seeds.SelectMany(seed => Trials(FoundSide(found, given), seed))];

    /// <summary>The comparison's record.</summary>
    /// <param name="found">The found design with its sizes.</param>
    /// <param name="given">The decisions that fixed it.</param>
    /// <param name="isDecided">Whether all its trials have finished.</param>
    public StageRecord Record(TuningPlan.Sized found, string given, bool isDecided) =>
        new(StageName, true, [FoundSide(found, given).Option, .. baselines.Select(side => side.Option)], isDecided, isDecided ? Found : null) { IsFinalComparison = true };

    private IEnumerable<int> Seeds => Enumerable.Range(0, problem.Study.Search.FinalSeeds);

    private static List<Side> Sides(SearchProblem problem)
    {
        // without a baseline, the other results are still useful
        var sides = new List<Side>();
        foreach (var strategy in problem.Space.Strategies)
        {
            var design = Design.Uniform(new StrategySet(strategy), problem.Space.Layers);
            var result = BudgetSolver.Solve(design, problem.Budget, problem.Shape, problem.Costs);
            var reason = (result as BudgetResult.Infeasible)?.Reason;
            sides.Add(new(
                new(strategy, design.ToString(), true, reason is null ? problem.Study.Search.FinalSeeds : 0, reason is null ? 0 : 1, 0, reason) { Role = OptionRole.Baseline, IsRequired = false },
                reason is null ? result.Require() : null));
        }

        sides.Add(new(
            new(Full, "every parameter of the backbone", true, problem.Study.Search.FinalSeeds, 0, 0, null) { Role = OptionRole.FullFineTuning, IsRequired = false },
            new TuningPlan.Full()));
        return sides;
    }

    private Side FoundSide(TuningPlan.Sized found, string given) => new(
        new(Found, found.Design?.ToString() ?? "", true, problem.Study.Search.FinalSeeds, 0, 0, null) { Role = OptionRole.Found, Given = given },
        found);

    private IEnumerable<TrialSpec> Trials(Side side, int sample) => side.Plan is not { } plan ? [] : problem.Tasks.Select(task =>
    {
        // the same seeds for every option, so that scores can be paired
        var seed = DerivedSeed.Derive(problem.Study.Search.Seed, "final", sample.ToString(CultureInfo.InvariantCulture), task.Name);
        var (isFound, isWithinBudget) = (side.Option.Role == OptionRole.Found, side.Option.Role != OptionRole.FullFineTuning);
        return new TrialSpec(new(StageName, side.Option.Name, sample, task.Name, problem.Study.Search.FinalEpochs, seed) { Given = side.Option.Given }, plan)
        {
            // any side within the budget may turn out best, and is then what the search returns
            KeepsWeights = isWithinBudget,
            KeepsPredictions = true,
            Priority = isFound ? 0 : BaselinePriority,
        };
    });

    private sealed record Side(OptionRecord Option, TuningPlan? Plan);
}
