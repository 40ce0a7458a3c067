using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>No search: only the final comparison of each strategy alone with the study's baselines, which may be designs that another search found.</summary>
/// <param name="problem">The problem.</param>
public sealed class ComparisonPolicy(SearchProblem problem) : ISearchPolicy
{
    /// <summary>The name in study files.</summary>
    public const string PolicyName = "comparison";

    private readonly Lazy<FinalComparison> planned = new(() => new(problem, PlanOf(problem)));

    private FinalComparison Comparison => planned.Value;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public long MaximumTrials => Math.Min(new FinalComparison(problem).MaximumTrials, problem.Study.Search.Limit.Trials ?? long.MaxValue);

    /// <inheritdoc/>
    public long? MaximumExamples => new StagePlanner(problem, findsDesign: false).MaximumExamples(0);

    /// <inheritdoc/>
    public string? Outlook => PlanOf(problem).LeftOut(problem.Study);

    /// <inheritdoc/>
    public void RequireFeasible()
    {
        if (problem.Study.Search.Limit.IsLimited) new StagePlanner(problem, findsDesign: false).RequireEnough(0);
        var sides = Baselines.List(problem);
        if (sides.Any(side => side.Plan is TuningPlan.Sized { Design: not null })) return;
        throw new InvalidDataException($"study {problem.Study.Name}: no side of the comparison fits the budget of {problem.Budget}: {sides.First(side => side.Reason is not null).Reason}; raise 'budget'");
    }

    /// <inheritdoc/>
    public PolicyStep Next(FinishedTrials finished)
    {
        RequireFeasible();
        var (stages, waiting) = Comparison.Compare(null, "", finished);
        return new(stages, waiting, waiting.Count == 0);
    }

    private static ComparisonPlan PlanOf(SearchProblem problem) =>
        problem.Study.Search.Limit.IsLimited ? new StagePlanner(problem, findsDesign: false).Comparison([]) : ComparisonPlan.Of(problem.Study);
}
