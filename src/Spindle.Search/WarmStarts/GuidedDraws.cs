using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Search.WarmStarts;

/// <summary>Random designs, of which every second one is the best of several by what earlier searches expect. The others are drawn as without them, so that earlier searches that mislead cost at most half of the draws.</summary>
internal static class GuidedDraws
{
    // the first draw is taken, and the best of the others
    private const int DrawsPerPair = 8;

    /// <summary>Draws designs of the whole space. The first ones do not depend on their number.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="prior">What earlier searches expect; null for draws as they come.</param>
    public static OptionDesigns Take(SearchProblem problem, Prior? prior)
    {
        var samples = problem.Study.Search.SamplesPerOption;
        if (prior is null) return StageSampler.Draw(problem, Stage.AnyDesign, samples)[0];
        var drawn = StageSampler.Draw(problem, Stage.AnyDesign, (samples + 1) / 2 * DrawsPerPair)[0];
        var recipes = new SideRecipes(problem);
        var taken = new HashSet<TuningPlan.Sized>();
        var designs = new List<SampledDesign>();
        foreach (var pair in drawn.Designs.Chunk(DrawsPerPair))
        {
            // a small space repeats designs
            SampledDesign[] others = [.. pair.Skip(1).Where(design => design.Plan != pair[0].Plan && !taken.Contains(design.Plan))];
            if (others.Length > 0) Add(Best(others));
            Add(pair[0]);
        }

        return drawn with { Designs = [.. designs.Take(samples)] };

        SampledDesign Best(SampledDesign[] others)
        {
            var expected = prior.Expected([.. others.Select(design => recipes.Of(new("design", "", OptionRole.Found, design.Plan), recipes.All).ToArray())]);
            return others[expected.Index().MaxBy(design => design.Item).Index];
        }

        void Add(SampledDesign design)
        {
            designs.Add(new(designs.Count, design.Plan));
            taken.Add(design.Plan);
        }
    }
}
