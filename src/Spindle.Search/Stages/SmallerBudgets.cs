using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Studies;

namespace Spindle.Search.Stages;

/// <summary>Sides with the sizes that fit the smaller budgets of a study.</summary>
internal static class SmallerBudgets
{
    /// <summary>The sides at each smaller budget, the largest one first, by the names <c>lora, 0.1%</c>. One that does not fit, or that trains the same as at a larger budget, such as BitFit, is left out.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="sides">The sides at the study's budget.</param>
    public static IReadOnlyList<Side> List(SearchProblem problem, IReadOnlyList<Side> sides)
    {
        var known = sides.Select(side => side.Plan).OfType<TuningPlan.Sized>().Select(Sizes).ToHashSet();
        var smaller = new List<Side>();
        foreach (var budget in problem.Study.SmallerBudgets.OrderByDescending(budget => budget.For(problem.Shape.Parameters)))
            foreach (var side in sides)
                if (side.Plan is TuningPlan.Sized { Design: { } design }
                    && BudgetSolver.Solve(design, budget.For(problem.Shape.Parameters), problem.Shape, problem.Costs) is { IsFeasible: true } solved && known.Add(Sizes(solved.Require())))
                    smaller.Add(side with { Name = $"{side.Name}, {budget}", Description = $"{side.Description}, at a budget of {budget}", Role = OptionRole.Baseline, Plan = solved.Require(), Budget = budget });
        return smaller;
    }

    private static TuningPlan.Sized Sizes(TuningPlan.Sized plan) => plan with { Design = null };
}
