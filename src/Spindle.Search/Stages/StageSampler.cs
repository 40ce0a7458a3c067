using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>Samples the designs of a stage: a pure function of the space, the budget, the study's seed and the stage.</summary>
public static class StageSampler
{
    /// <summary>The number of draws for one sample after which it is considered infeasible.</summary>
    public const int MostDraws = 1000;

    /// <summary>How often a repeated design is drawn again for one sample. After that, a repetition is accepted.</summary>
    public const int MostRepeats = 20;

    /// <summary>Samples the designs of every option of a stage.</summary>
    /// <param name="problem">Space, budget, costs and the study's seed.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="samples">Designs for each option, at least 1. The first designs do not depend on this number.</param>
    public static IReadOnlyList<OptionDesigns> Draw(SearchProblem problem, Stage stage, int samples) =>
        [.. stage.Options.Select(option => Draw(problem, stage.Name, option, samples))];

    private static OptionDesigns Draw(SearchProblem problem, string stage, StageOption option, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var single = problem.Space.Count(option.Constraints).IsOne;
        var seen = new HashSet<Design>();
        var sampled = new List<SampledDesign>();
        var (infeasible, duplicates, reason) = (0, 0, (string?)null);
        for (var sample = 0; sample < samples; sample++)
        {
            var random = new Random(DerivedSeed.Derive(problem.Study.Search.Seed, "design", stage, option.Name, sample.ToString(CultureInfo.InvariantCulture)));
            var repeats = single ? MostRepeats : 0;
            for (var draw = 0; draw < (single ? 1 : MostDraws); draw++)
            {
                var design = DesignSampler.Draw(problem.Space, option.Constraints, random);
                var result = BudgetSolver.Solve(design, problem.Budget, problem.Shape, problem.Costs);
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

                sampled.Add(new(sample, result.Require()));
                break;
            }

            // if the first sample found no design that fits, the others would not either
            if (sampled.Count == 0) break;
        }

        return new(option, sampled, infeasible, duplicates, reason);
    }
}
