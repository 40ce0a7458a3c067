using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>How a side can be trained: a learning rate, and values of the other settings that the study lists.</summary>
/// <param name="Settings">The values, or null if the study lists none.</param>
/// <param name="Rate">The rate, or null for the study's.</param>
internal sealed record Recipe(SettingCombination? Settings, LearningRate? Rate);

/// <summary>The recipes that a study lists, and sides trained by them.</summary>
/// <param name="problem">The problem.</param>
internal sealed class SideRecipes(SearchProblem problem)
{
    private readonly Dictionary<(string Name, string Given, SettingCombination Settings), Side?> sides = [];

    /// <summary>Every recipe: the study's own values first, and there its own rate; the others in an order that the study's seed draws, so that the first ones are a random search.</summary>
    public IReadOnlyList<Recipe> All { get; } = List(problem);

    /// <summary>Whether there is anything to choose.</summary>
    public bool HaveChoice => All.Count > 1;

    /// <summary>The most that a recipe multiplies epochs by, whatever they are rounded to.</summary>
    public double LargestEpochFactor => Math.Max(1, Math.Ceiling(problem.Study.Combinations.Select(combination => combination.EpochFactor).DefaultIfEmpty(1).Max()));

    /// <summary>The side with each recipe that differs for it: an option of a strategy that it does not train changes nothing.
    /// Sizes are those that fit the budget with the recipe's options; a recipe with which none do is left out.</summary>
    /// <param name="side">A side that fits the budget.</param>
    /// <param name="recipes">The recipes, in order.</param>
    public IEnumerable<(Side Side, LearningRate? Rate)> Of(Side side, IEnumerable<Recipe> recipes) => recipes
        .Select(recipe => (Side: With(side, recipe.Settings), recipe.Rate))
        .Where(tried => tried.Side is not null)
        .DistinctBy(tried => (tried.Side!.Settings, tried.Rate))
        .Select(tried => (tried.Side!, tried.Rate));

    /// <summary>Whether a side trains the same at every learning rate: the head alone, where its own rate is fixed.</summary>
    public bool IsTheSameAtEveryRate(Side side) => problem.Study.HeadRateIsFixed && side.Name == BaselineNames.Head;

    private Side? With(Side side, SettingCombination? settings)
    {
        if (settings is null || side.IsUntrained) return side;
        if (!sides.TryGetValue((side.Name, side.Given, settings), out var changed)) sides.Add((side.Name, side.Given, settings), changed = Change(side, settings));
        return changed;
    }

    private Side? Change(Side side, SettingCombination settings)
    {
        var design = (side.Plan as TuningPlan.Sized)?.Design;
        string[] strategies = [.. design?.LayerStrategies().SelectMany(set => set).Distinct() ?? []];
        var plan = side.Plan;
        if (design is not null && settings.Costs is { } costs && settings.Values.Any(value => strategies.Contains(value.Strategy)))
        {
            var solved = BudgetSolver.Solve(design, side.Budget?.For(problem.Shape.Parameters) ?? problem.Budget, problem.Shape, costs);
            if (solved is BudgetResult.Infeasible) return null;
            plan = solved.Require();
        }

        return side with { Settings = settings.TextFor(strategies), EpochFactor = settings.EpochFactor, Plan = plan };
    }

    private static Recipe[] List(SearchProblem problem)
    {
        LearningRate?[] rates = problem.Study.LearningRates.Count > 1 ? [.. problem.Study.LearningRates.OrderByDescending(rate => rate.IsBase)] : [null];
        SettingCombination?[] combinations = problem.Study.Combinations.Count > 0 ? [.. problem.Study.Combinations] : [null];
        return
        [
            .. rates.Select(rate => new Recipe(combinations[0], rate)),
            .. combinations.Skip(1).SelectMany(settings => rates.Select(rate => new Recipe(settings, rate))).OrderBy(recipe => DerivedSeed.Derive(
                problem.Study.Search.Seed, "recipe", string.Join(", ", recipe.Settings!.Values.Select(value => $"{value.Strategy} {value.Name}: {value.Value}")), FormattableString.Invariant($"{recipe.Rate?.OfStrategies}"))),
        ];
    }
}
