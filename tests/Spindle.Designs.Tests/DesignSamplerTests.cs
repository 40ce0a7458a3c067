namespace Spindle.Designs.Tests;

public class DesignSamplerTests
{
    [Fact]
    public void Every_design_that_the_constraints_allow_is_as_likely()
    {
        var space = new DesignSpace(4, 3, ["a", "b"], TunableGroups.AllSubsets(3));
        var random = new Random(7);
        foreach (var constraints in DesignSpaceTests.SomeConstraints(space))
        {
            var allowed = DesignSpaceTests.Enumerate(space).Where(design => DesignSpaceTests.Satisfies(design, constraints)).ToArray();
            var seen = allowed.ToDictionary(design => design, _ => 0);
            var draws = 60 * allowed.Length;
            for (var i = 0; i < draws; i++) seen[DesignSampler.Draw(space, constraints, random)]++;
            AssertUniform(seen.Values);
        }
    }

    [Fact]
    public void Layers_on_their_own_draw_sets_and_weights_uniformly()
    {
        var space = new DesignSpace(2, 2, ["a", "b"]);
        var random = new Random(7);
        var sets = new Dictionary<StrategyAssignment, int>();
        var weights = new int[EveryLayerConstraints.LargestWeight];
        for (var i = 0; i < 15_000; i++)
        {
            var design = DesignSampler.Draw(space, DesignConstraints.EveryLayer, random);
            Assert.Equal((GroupingPattern.EveryLayer, AllocationPattern.Drawn), (design.Grouping.Pattern, design.Allocation.Pattern));
            sets[design.Strategies] = sets.GetValueOrDefault(design.Strategies) + 1;
            foreach (var weight in design.Allocation.Weights) weights[weight - 1]++;
        }

        Assert.Equal(15, sets.Count);
        AssertUniform(sets.Values);
        AssertUniform(weights);
    }

    [Fact]
    public void A_space_beyond_64_bits_is_drawn_from_with_every_group_tuned_in_its_turn()
    {
        var space = new DesignSpace(24, 24, ["a", "b", "c", "d"], [new([0]), TunableGroups.All(24)]);
        Assert.True(space.Size > long.MaxValue);
        Assert.Equal(24, DesignSampler.Draw(space, DesignConstraints.None, new Random(1)).Tunable.Indices.Count);
    }

    [Fact]
    public void The_same_seed_draws_the_same_designs()
    {
        var space = new DesignSpace(12, 4, ["a", "b", "c"]);
        Design[] Draw(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, 50).Select(i => DesignSampler.Draw(space, i % 2 == 0 ? DesignConstraints.None : DesignConstraints.EveryLayer, random))];
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void Drawn_designs_are_in_the_space()
    {
        var space = new DesignSpace(12, 4, ["a", "b", "c"]);
        var random = new Random(3);
        for (var i = 0; i < 500; i++) Assert.True(space.Contains(DesignSampler.Draw(space, DesignConstraints.None, random)));
    }

    [Fact]
    public void Constraints_that_allow_nothing_are_refused()
    {
        var space = new DesignSpace(4, 3, ["a"]);
        var constraints = new GroupConstraints { Tunable = new([0]) }.WithStrategies(1, new("a"));
        Assert.Equal(0, space.Count(constraints));
        Assert.Throws<ArgumentException>(() => DesignSampler.Draw(space, constraints, new Random(1)));
    }

    // chi-square by its normal approximation, five standard deviations on either side
    private static void AssertUniform(IEnumerable<int> counts)
    {
        var seen = counts.ToArray();
        if (seen.Length == 1) return;
        var expected = seen.Average();
        var degrees = seen.Length - 1;
        var deviation = (seen.Sum(count => (count - expected) * (count - expected) / expected) - degrees) / Math.Sqrt(2.0 * degrees);
        Assert.InRange(deviation, -5, 5);
    }
}
