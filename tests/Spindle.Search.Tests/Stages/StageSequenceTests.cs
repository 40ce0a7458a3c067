using Spindle.Designs;
using Spindle.Search.Stages;

namespace Spindle.Search.Tests.Stages;

public sealed class StageSequenceTests
{
    private static readonly string[] Strategies = ["adapter", "prefix", "bitfit", "lora"];

    [Fact]
    public void A_space_of_four_groups_and_strategies_has_the_stages_of_the_paper()
    {
        var stages = Walk(new(12, 4, Strategies), stage => stage.Options[^1].Name);

        Assert.Equal(["S0", "S1", "S2", "S3", "S4.G1", "S4.G2", "S4.G3", "S4.G4"], stages.Select(stage => stage.Name));
        Assert.Equal([1, 5, 3, 9, 15, 15, 15, 15], stages.Select(stage => stage.Options.Count));
        Assert.All(stages, stage => Assert.True(stage.Compares));
        Assert.Equal(["increasing", "uniform", "decreasing", "spindle", "bottleneck"], stages[1].Options.Select(option => option.Name));
        Assert.Equal(["increasing", "uniform", "decreasing"], stages[2].Options.Select(option => option.Name));
        Assert.Equal(["G1", "G2", "G3", "G4", "G1-G2", "G3-G4", "G1-G3", "G2-G4", "all"], stages[3].Options.Select(option => option.Name));
        Assert.Equal("adapter", stages[4].Options[0].Name);
        Assert.Equal("adapter+bitfit+lora+prefix", stages[4].Options[^1].Name);
    }

    [Fact]
    public void All_subsets_make_fifteen_options_of_the_third_stage() =>
        Assert.Equal(15, Walk(new(12, 4, Strategies, TunableGroups.AllSubsets(4)), stage => stage.Options[0].Name)[3].Options.Count);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 6)]
    [InlineData(5, 12)]
    public void Other_numbers_of_groups_have_other_runs(int groups, int options)
    {
        var stages = Walk(new(12, groups, Strategies), stage => stage.Options[^1].Name);
        Assert.Equal(options, stages[3].Options.Count);
        Assert.Equal(4 + groups, stages.Count);
    }

    [Fact]
    public void A_group_that_is_left_untuned_has_the_single_option_none_and_nothing_to_compare()
    {
        var space = new DesignSpace(12, 4, Strategies);
        var stages = Walk(space, stage => stage.Name == "S3" ? "G3-G4" : stage.Options[0].Name);

        Assert.Equal(["none"], stages[4].Options.Select(option => option.Name));
        Assert.False(stages[4].Compares);
        Assert.False(stages[5].Compares);
        Assert.True(stages[6].Compares);
        var design = StageSequence.Found(space, Decisions(stages, stage => stage.Name == "S3" ? "G3-G4" : stage.Options[0].Name));
        Assert.Equal([2, 3], design.Tunable.Indices);
    }

    [Fact]
    public void A_choice_with_one_option_is_made_without_trials()
    {
        var stages = Walk(new(6, 1, ["lora"]), stage => stage.Options[0].Name);
        Assert.Equal([true, false, true, false, false], stages.Select(stage => stage.Compares));
    }

    [Fact]
    public void What_is_fixed_stays_fixed_and_the_rest_is_free()
    {
        var space = new DesignSpace(12, 4, Strategies);
        var decided = new List<StageDecision>
        {
            new("S0", "unconstrained"), new("S1", "spindle"), new("S2", "decreasing"), new("S3", "G1-G3"), new("S4.G1", "bitfit+lora"),
        };
        var stage = StageSequence.Next(space, decided)!;
        var random = new Random(1);
        for (var draw = 0; draw < 200; draw++)
        {
            var design = DesignSampler.Draw(space, stage.Options[3].Constraints, random);
            Assert.Equal(GroupingPattern.Spindle, design.Grouping.Pattern);
            Assert.Equal(AllocationPattern.Decreasing, design.Allocation.Pattern);
            Assert.Equal([0, 1, 2], design.Tunable.Indices);
            Assert.Equal(new StrategySet("bitfit", "lora"), design.Strategies.Groups[0]);
            Assert.Equal(space.StrategySets[3], design.Strategies.Groups[1]);
        }
    }

    [Fact]
    public void Decisions_that_fit_no_stage_are_refused()
    {
        var space = new DesignSpace(12, 4, Strategies);
        Assert.Throws<ArgumentException>(() => StageSequence.Next(space, [new("S1", "spindle")]));
        Assert.Throws<ArgumentException>(() => StageSequence.Next(space, [new("S0", "unconstrained"), new("S1", "round")]));
        Assert.Throws<ArgumentException>(() => StageSequence.Found(space, []));
    }

    [Fact]
    public void The_options_after_the_next_stage_are_those_that_will_be_compared()
    {
        var space = new DesignSpace(12, 4, Strategies);
        Assert.Equal(5 + 3 + 9 + 60, StageSequence.OptionsAfterNext(space, []));
        Assert.Equal(15, StageSequence.OptionsAfterNext(
            space, [new("S0", null), new("S1", "spindle"), new("S2", "uniform"), new("S3", "G4")]));
    }

    private static List<Stage> Walk(DesignSpace space, Func<Stage, string> choose)
    {
        var stages = new List<Stage>();
        while (StageSequence.Next(space, Decisions(stages, choose)) is { } stage) stages.Add(stage);
        return stages;
    }

    private static StageDecision[] Decisions(IEnumerable<Stage> stages, Func<Stage, string> choose) =>
        [.. stages.Select(stage => new StageDecision(stage.Name, choose(stage)))];
}
