using Spindle.Search.Stages;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Stages;

public sealed class StageDrawsTests
{
    [Fact]
    public void Designs_are_a_function_of_seed_stage_option_and_sample()
    {
        var context = SyntheticStudy.Context(SyntheticStudy.Of());
        var stage = StageSequence.Next(context.Space, [new("S0", null)])!;
        var few = StageDraws.Draw(context, stage, 3, 42);
        var many = StageDraws.Draw(context, stage, 5, 42);
        var other = StageDraws.Draw(context, stage, 3, 43);

        foreach (var (short3, long5) in few.Zip(many)) Assert.Equal(short3.Designs, long5.Designs.Take(3));
        Assert.NotEqual(few.SelectMany(draw => draw.Designs), other.SelectMany(draw => draw.Designs));
        foreach (var draw in many)
        {
            Assert.Equal(5, draw.Designs.Select(design => design.Design).Distinct().Count());
            Assert.All(draw.Designs, design => Assert.InRange(design.Solution.Trained, 1, context.Budget));
        }
    }

    [Fact]
    public void Seeds_are_the_same_on_every_machine()
    {
        Assert.NotEqual(StableSeed.Of(42, "ab", "c"), StableSeed.Of(42, "a", "bc"));
        Assert.NotEqual(StableSeed.Of(42, "a"), StableSeed.Of(43, "a"));
        // of `printf '42|5:trial|2:S1' | sha256sum`
        Assert.Equal(772610765, StableSeed.Of(42, "trial", "S1"));
    }

    [Fact]
    public void An_option_of_one_design_repeats_it()
    {
        var context = SyntheticStudy.Context(SyntheticStudy.Of(groups: 1));
        var stage = StageSequence.Next(context.Space, [new("S0", null), new("S1", "increasing"), new("S2", "uniform"), new("S3", "all")])!;
        var draws = StageDraws.Draw(context, stage, 4, 42);
        Assert.All(draws, draw => Assert.Equal(4, draw.Designs.Count));
        Assert.All(draws, draw => Assert.Single(draw.Designs.Select(design => design.Design).Distinct()));
    }

    [Fact]
    public void What_does_not_fit_is_drawn_again_and_an_option_of_which_nothing_fits_says_why()
    {
        // bitfit costs 832 a layer: two layers of six fit, all do not
        var context = SyntheticStudy.Context(SyntheticStudy.Of(strategies: ["bitfit"], budget: "1800"));
        var stage = StageSequence.Next(context.Space, [new("S0", null), new("S1", "spindle"), new("S2", "uniform")])!;
        var draws = StageDraws.Draw(context, stage, 2, 42).ToDictionary(draw => draw.Option.Name);

        Assert.True(draws["G1"].IsFeasible);
        Assert.False(draws["all"].IsFeasible);
        Assert.NotNull(draws["all"].Reason);
        Assert.True(draws["all"].Infeasible > 0);
        var free = StageDraws.Draw(context, StageSequence.Next(context.Space, [new("S0", null)])!, 3, 42);
        Assert.All(free, draw => Assert.All(draw.Designs, design => Assert.True(design.Solution.Trained <= 1800)));
        Assert.True(free.Sum(draw => draw.Infeasible) > 0);
    }
}
