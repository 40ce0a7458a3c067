using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The designs of one option, drawn without regard to the others, as searches that an earlier version began have them.</summary>
internal static class SeparateDraws
{
    /// <summary>Draws the designs of an option.</summary>
    public static OptionDesigns Take(SearchProblem problem, string stage, StageOption option, int samples)
    {
        var single = problem.Space.Count(option.Constraints).IsOne;
        var seen = new HashSet<Design>();
        var sampled = new List<SampledDesign>();
        var (infeasible, duplicates, reason) = (0, 0, (string?)null);
        for (var sample = 0; sample < samples; sample++)
        {
            var random = new Random(DerivedSeed.Derive(problem.Study.Search.Seed, "design", stage, option.Name, sample.ToString(CultureInfo.InvariantCulture)));
            var repeats = single ? StageSampler.MostRepeats : 0;
            for (var draw = 0; draw < (single ? 1 : StageSampler.MostDraws); draw++)
            {
                var design = DesignSampler.Draw(problem.Space, option.Constraints, random);
                var result = BudgetSolver.Solve(design, problem.Budget, problem.Shape, problem.Costs);
                if (result is BudgetResult.Infeasible unfit)
                {
                    infeasible++;
                    reason ??= unfit.Reason;
                    continue;
                }

                if (!seen.Add(design) && repeats++ < StageSampler.MostRepeats)
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
