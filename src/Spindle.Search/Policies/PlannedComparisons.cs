using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Search.Policies;

/// <summary>The final comparisons by their plan, each made once.</summary>
/// <param name="problem">The problem.</param>
internal sealed class PlannedComparisons(SearchProblem problem)
{
    private readonly Dictionary<ComparisonPlan, FinalComparison> planned = [];

    /// <summary>The comparison that the study asks for, without regard to its limit.</summary>
    public FinalComparison Whole => Of(ComparisonPlan.Of(problem.Study));

    /// <summary>The comparison of a plan.</summary>
    public FinalComparison Of(ComparisonPlan plan)
    {
        if (!planned.TryGetValue(plan, out var comparison)) planned.Add(plan, comparison = new(problem, plan));
        return comparison;
    }
}
