using Spindle.Designs;
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

    [Theory]
    [InlineData("S1")]
    [InlineData("S2")]
    [InlineData("S3")]
    [InlineData("S4.G1")]
    public void The_same_sample_of_two_options_shares_what_both_leave_free(string name)
    {
        Gen.Int[0, 1000].Sample(
            seed =>
            {
                var problem = SyntheticStudy.Problem(SyntheticStudy.Of(seed: seed));
                StageDecision[] decided = [new("S0", null), new("S1", "spindle"), new("S2", "increasing"), new("S3", "all")];
                var stage = StageSequence.Next(problem.Space, [.. decided.TakeWhile(decision => decision.Stage != name)])!;
                var draws = StageSampler.Draw(problem, stage, 3);
                Assert.All(draws, draw => Assert.True(draw.IsFeasible));
                for (var sample = 0; sample < 3; sample++)
                {
                    Design[] designs = [.. draws.Select(draw => draw.Designs[sample].Plan.Design!)];
                    if (name != "S1") Assert.Single(designs.Select(design => design.Grouping).Distinct());
                    else Assert.Equal(draws.Count, designs.Select(design => design.Grouping).Distinct().Count());
                    if (name != "S2") Assert.Single(designs.Select(design => design.Allocation).Distinct());
                    // groups that two options tune have the same strategies, but for the group whose strategies are the options
                    for (var group = name == "S4.G1" ? 1 : 0; group < problem.Space.Groups; group++)
                        Assert.True(designs.Select(design => design.Strategies.Groups[group]).Where(set => !set.IsEmpty).Distinct().Count() <= 1);
                    if (name is "S1" or "S2") Assert.Single(designs.Select(design => design.Strategies).Distinct());
                }
            },
            iter: 20);
    }

    [Fact]
    public void A_sample_is_drawn_again_for_all_options_where_it_does_not_fit_one()
    {
        // two to three layers of bitfit fit
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(strategies: ["bitfit", "lora"], budget: "2500"));
        var draws = StageSampler.Draw(problem, StageSequence.Next(problem.Space, [new("S0", null)])!, 4).Where(draw => draw.IsFeasible).ToArray();
        Assert.True(draws.Length > 1);
        Assert.True(draws.Sum(draw => draw.Infeasible) > 0);
        for (var sample = 0; sample < 4; sample++)
            Assert.Single(draws.Select(draw => draw.Designs[sample].Plan.Design!.Strategies).Distinct());
    }

    [Fact]
    public void A_search_that_an_earlier_version_began_draws_each_option_by_its_name()
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of()) with { SharesDraws = false };
        var draws = StageSampler.Draw(problem, StageSequence.Next(problem.Space, [new("S0", null)])!, 3);
        Assert.True(draws.Select(draw => draw.Designs[0].Plan.Design!.Strategies).Distinct().Count() > 1);
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
