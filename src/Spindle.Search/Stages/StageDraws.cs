using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Budgets;

namespace Spindle.Search.Stages;

/// <summary>Draws the designs of a stage: a pure function of the space, the budget, the study's seed and the stage.</summary>
public static class StageDraws
{
    /// <summary>Draws for one sample before it is given up as infeasible.</summary>
    public const int MostDraws = 1000;

    /// <summary>Draws for one sample that are given up because the design was drawn before; the next is taken though it repeats one.</summary>
    public const int MostRepeats = 20;

    /// <summary>The designs of every option of a stage.</summary>
    /// <param name="context">Space, budget and costs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="samples">Designs an option, at least 1.</param>
    /// <param name="seed">The study's seed.</param>
    public static IReadOnlyList<OptionDraw> Draw(SearchContext context, Stage stage, int samples, int seed) =>
        [.. stage.Options.Select(option => Draw(context, stage.Name, option, samples, seed))];

    private static OptionDraw Draw(SearchContext context, string stage, StageOption option, int samples, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var single = context.Space.Count(option.Constraints).IsOne;
        var seen = new HashSet<Design>();
        var drawn = new List<DrawnDesign>();
        var (infeasible, duplicates, reason) = (0, 0, (string?)null);
        for (var sample = 0; sample < samples; sample++)
        {
            var random = new Random(StableSeed.Of(seed, "design", stage, option.Name, sample.ToString(CultureInfo.InvariantCulture)));
            var repeats = single ? MostRepeats : 0;
            for (var draw = 0; draw < (single ? 1 : MostDraws); draw++)
            {
                var design = DesignSampler.Draw(context.Space, option.Constraints, random);
                var result = BudgetSolver.Solve(design, context.Budget, context.Shape, context.Costs);
                if (result is BudgetResult.Infeasible unfit)
                {
                    infeasible++;
                    reason ??= unfit.Reason;
                    continue;
                }

                if (!seen.Add(design) && repeats++ < MostRepeats)
                {
                    duplicates++;
                    continue;
                }

                drawn.Add(new(sample, design, result.Require()));
                break;
            }

            // what a thousand draws do not find once, another thousand need not be spent on
            if (drawn.Count == 0) break;
        }

        return new(option, drawn, infeasible, duplicates, reason);
    }
}
