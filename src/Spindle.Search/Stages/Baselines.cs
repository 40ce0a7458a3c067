using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Studies;

namespace Spindle.Search.Stages;

/// <summary>The sides that need no search: each strategy alone, and what a study names under <c>baselines</c>, except <see cref="RandomSearch"/>.</summary>
public static class Baselines
{
    private static readonly string[] PaperStrategies = ["adapter", "lora", "prefix", "bitfit"];

    /// <summary>The sides of a study, each strategy alone first.</summary>
    public static IReadOnlyList<Side> List(SearchProblem problem) =>
    [
        .. problem.Space.Strategies.Select(strategy => OfDesign(problem, strategy, Design.Uniform(new StrategySet(strategy), problem.Space.Layers))),
        .. problem.Study.Search.Baselines.Where(name => name != BaselineNames.Random).Select(name => Named(problem, name)),
    ];

    private static Side Named(SearchProblem problem, string name) => name switch
    {
        BaselineNames.Full => new(name, "every parameter of the backbone", OptionRole.FullFineTuning, new TuningPlan.Full()),
        BaselineNames.Untrained => new(name, "the head over the frozen backbone, without training", OptionRole.Baseline, new TuningPlan.Sized(null, [])) { IsUntrained = true },
        BaselineNames.Head => new(name, "the head alone", OptionRole.Baseline, new TuningPlan.Sized(null, [])),
        BaselineNames.All => OfDesign(problem, name, Design.Uniform(new StrategySet(problem.Space.Strategies), problem.Space.Layers)),
        BaselineNames.Paper => OfPaper(problem),
        _ => OfDesign(problem, name, problem.Study.BaselineDesigns[name]),
    };

    // Chen et al., ICLR 2023, section 4: spindle grouping in four groups, uniform allocation, all groups tuned
    private static Side OfPaper(SearchProblem problem)
    {
        var layers = problem.Space.Layers;
        if (PaperStrategies.Where(strategy => !problem.Costs.Contains(strategy)).ToArray() is { Length: > 0 } missing)
            return new(BaselineNames.Paper, "the paper's design", OptionRole.Baseline, null) { Reason = $"the strategies {string.Join(", ", missing)} are missing" };
        if (layers < 4) return new(BaselineNames.Paper, "the paper's design", OptionRole.Baseline, null) { Reason = $"it has four groups, but there are {layers} layers" };
        return OfDesign(problem, BaselineNames.Paper, new(
            LayerGrouping.Of(GroupingPattern.Spindle, layers, 4),
            Allocation.Of(AllocationPattern.Uniform, layers),
            new([new("adapter", "lora"), new("adapter", "prefix"), new("adapter", "prefix", "bitfit"), new("prefix", "bitfit", "lora")])));
    }

    private static Side OfDesign(SearchProblem problem, string name, Design design)
    {
        if (design.Layers != problem.Space.Layers)
            return new(name, design.ToString(), OptionRole.Baseline, null) { Reason = $"it has {design.Layers} layers, but the backbone has {problem.Space.Layers}" };
        var result = BudgetSolver.Solve(design, problem.Budget, problem.Shape, problem.Costs);
        return result is BudgetResult.Infeasible infeasible
            ? new(name, design.ToString(), OptionRole.Baseline, null) { Reason = infeasible.Reason }
            : new(name, design.ToString(), OptionRole.Baseline, result.Require());
    }
}
