using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Search.Surrogates;

/// <summary>Designs that nobody has trained and that a model expects most of: among fresh draws from the space, and among the neighbours of the best designs so far.</summary>
/// <param name="problem">The problem.</param>
internal sealed class Proposals(SearchProblem problem)
{
    private const int FreshDraws = 128;
    private const int Centers = 3;

    private readonly SideRecipes recipes = new(problem);
    private readonly Lazy<IReadOnlyList<TuningPlan.Sized>> fresh = new(() => [.. StageSampler.Draw(problem, new Stage("proposals", Stage.AnyDesign.Options, true), FreshDraws)[0].Designs.Select(design => design.Plan)]);
    private readonly Dictionary<Design, IReadOnlyList<TuningPlan.Sized>> neighbours = [];

    /// <summary>The sides with the largest expected improvement over the best known one, each at its best learning rate, the best one first.</summary>
    /// <param name="surrogate">The model.</param>
    /// <param name="known">The sides that were trained, with their rates, the best one first.</param>
    /// <param name="count">The most sides.</param>
    /// <param name="first">The number of the first one, for its name.</param>
    public IReadOnlyList<(Side Side, LearningRate? Rate)> Take(Surrogate surrogate, IReadOnlyList<(Side Side, LearningRate? Rate)> known, int count, int first)
    {
        var trained = known.Select(side => side.Side.Plan).OfType<TuningPlan.Sized>().Select(plan => plan with { Design = null }).ToHashSet();
        var best = known.Max(side => surrogate.Mean(side.Side, side.Rate));
        var pool = known.Select(side => (side.Side.Plan as TuningPlan.Sized)?.Design).OfType<Design>().Distinct().Take(Centers).SelectMany(NeighboursOf).Concat(fresh.Value)
            .Where(plan => !trained.Contains(plan with { Design = null })).DistinctBy(plan => plan with { Design = null });
        var named = pool.Select(plan => new Side("proposal", plan.Design!.ToString(), OptionRole.Found, plan))
            .Select(side => recipes.Of(side, recipes.All).Select(tried => (tried.Side, tried.Rate, Expected: surrogate.ExpectedImprovement(tried.Side, tried.Rate, best))).MaxBy(tried => tried.Expected))
            .OrderByDescending(tried => tried.Expected).Take(count);
        return [.. named.Select((tried, index) => (tried.Side with { Name = FormattableString.Invariant($"proposal {first + index}") }, tried.Rate))];
    }

    private IReadOnlyList<TuningPlan.Sized> NeighboursOf(Design design)
    {
        if (!neighbours.TryGetValue(design, out var plans))
            neighbours.Add(design, plans =
            [
                .. DesignNeighbours.Of(problem.Space, design).Select(neighbour => BudgetSolver.Solve(neighbour, problem.Budget, problem.Shape, problem.Costs)).Where(result => result.IsFeasible).Select(result => result.Require()),
            ]);
        return plans;
    }
}
