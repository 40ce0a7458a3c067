using Spindle.Search.Stages;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Stages;

public sealed class StageSamplerTests
{
    [Fact]
    public void Designs_are_a_function_of_seed_stage_option_and_sample()
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of());
        var stage = StageSequence.Next(problem.Space, [new("S0", null)])!;
        var few = StageSampler.Draw(problem, stage, 3);
        var many = StageSampler.Draw(problem, stage, 5);
        var other = StageSampler.Draw(SyntheticStudy.Problem(SyntheticStudy.Of(seed: 43)), stage, 3);

        foreach (var (short3, long5) in few.Zip(many)) Assert.Equal(short3.Designs, long5.Designs.Take(3));
        Assert.NotEqual(few.SelectMany(draw => draw.Designs), other.SelectMany(draw => draw.Designs));
        foreach (var draw in many)
        {
            Assert.Equal(5, draw.Designs.Select(design => design.Plan.Design).Distinct().Count());
            Assert.All(draw.Designs, design => Assert.InRange(design.Plan.Parameters, 1, problem.Budget));
        }
    }

    [Fact]
    public void Seeds_are_the_same_on_every_machine()
    {
        Assert.NotEqual(DerivedSeed.Derive(42, "ab", "c"), DerivedSeed.Derive(42, "a", "bc"));
        Assert.NotEqual(DerivedSeed.Derive(42, "a"), DerivedSeed.Derive(43, "a"));
        // of `printf '42|5:trial|2:S1' | sha256sum`
        Assert.Equal(772610765, DerivedSeed.Derive(42, "trial", "S1"));
    }

    [Fact]
    public void An_option_of_one_design_repeats_it()
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(groups: 1));
        var stage = StageSequence.Next(problem.Space, [new("S0", null), new("S1", "increasing"), new("S2", "uniform"), new("S3", "all")])!;
        var draws = StageSampler.Draw(problem, stage, 4);
        Assert.All(draws, draw => Assert.Equal(4, draw.Designs.Count));
        Assert.All(draws, draw => Assert.Single(draw.Designs.Select(design => design.Plan.Design).Distinct()));
    }

    [Fact]
    public void What_does_not_fit_is_drawn_again_and_an_option_of_which_nothing_fits_says_why()
    {
        // bitfit costs 832 a layer: two layers of six fit, all do not
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(strategies: ["bitfit"], budget: "1800"));
        var stage = StageSequence.Next(problem.Space, [new("S0", null), new("S1", "spindle"), new("S2", "uniform")])!;
        var draws = StageSampler.Draw(problem, stage, 2).ToDictionary(draw => draw.Option.Name);

        Assert.True(draws["G1"].IsFeasible);
        Assert.False(draws["all"].IsFeasible);
        Assert.NotNull(draws["all"].Reason);
        Assert.True(draws["all"].Infeasible > 0);
        var free = StageSampler.Draw(problem, StageSequence.Next(problem.Space, [new("S0", null)])!, 3);
        Assert.All(free, draw => Assert.All(draw.Designs, design => Assert.True(design.Plan.Parameters <= 1800)));
        Assert.True(free.Sum(draw => draw.Infeasible) > 0);
    }
}
