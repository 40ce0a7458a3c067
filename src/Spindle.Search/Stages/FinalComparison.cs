using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The comparison after the last stage: the found design, each strategy of the space alone on all layers with the same share each, and full
/// fine-tuning, all on the same seeds and tasks.</summary>
public static class FinalComparison
{
    /// <summary>The stage's name.</summary>
    public const string Stage = "Final";

    /// <summary>The name of the found design among the options.</summary>
    public const string Found = "found";

    /// <summary>The name of full fine-tuning among the options.</summary>
    public const string Full = "full";

    /// <summary>The number of options, the found design among them.</summary>
    public static int Options(SearchContext context) => context.Space.Strategies.Count + 2;

    /// <summary>The comparison's record and its trials, seed by seed; only the found design's keep their tuned weights. A baseline that does not fit the
    /// budget has no trials, and the record says why.</summary>
    /// <param name="study">The study.</param>
    /// <param name="context">Space, budget and tasks.</param>
    /// <param name="found">The found design.</param>
    public static (StageRecord Record, IReadOnlyList<TrialSpec> Trials) Plan(Study study, SearchContext context, Design found)
    {
        var options = new List<OptionRecord>();
        var plans = new List<(string Name, TuningPlan Plan, BudgetSolution? Solution)>();
        Try(Found, found);
        foreach (var strategy in context.Space.Strategies) Try(strategy, Design.Uniform(new StrategySet(strategy), context.Space.Layers));
        options.Add(new(Full, "every parameter of the backbone", true, study.Search.FinalSeeds, 0, 0, null));
        plans.Add((Full, new TuningPlan.Full(), null));

        var trials = new List<TrialSpec>();
        for (var sample = 0; sample < study.Search.FinalSeeds; sample++)
            foreach (var (name, plan, solution) in plans)
                foreach (var task in context.Tasks)
                {
                    // the same seed for every option: their scores pair up
                    var seed = StableSeed.Of(study.Search.Seed, "final", sample.ToString(CultureInfo.InvariantCulture), task.Name);
                    trials.Add(new(new(Stage, name, sample, task.Name), plan, solution, seed, study.Search.FinalEpochs, name == Found));
                }

        return (new(Stage, true, options, false, null), trials);

        void Try(string name, Design design)
        {
            var result = BudgetSolver.Solve(design, context.Budget, context.Shape, context.Costs);
            var reason = (result as BudgetResult.Infeasible)?.Reason;
            options.Add(new(name, design.ToString(), true, reason is null ? study.Search.FinalSeeds : 0, reason is null ? 0 : 1, 0, reason));
            if (reason is null) plans.Add((name, new TuningPlan.Designed(design), result.Require()));
        }
    }
}
