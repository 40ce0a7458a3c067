using System.Numerics;

namespace Spindle.Designs.Tests;

public class DesignSpaceTests
{
    private static readonly string[] four = ["adapter", "prefix", "bitfit", "lora"];

    [Fact]
    public void The_papers_space_is_as_large_as_its_choices_multiply_to()
    {
        var runs = new DesignSpace(12, 4, four);
        Assert.Equal((5, 3, 9, 15), (runs.Groupings.Count, runs.Allocations.Count, runs.TunableOptions.Count, runs.StrategySets.Count));
        Assert.Equal(15 * (4 * 15 + 2 * 225 + 2 * 3375 + 50625), runs.Size);
        Assert.Equal(15 * (65536 - 1), new DesignSpace(12, 4, four, TunableGroups.AllSubsets(4)).Size);
        Assert.Equal((BigInteger.Pow(16, 12) - 1) * BigInteger.Pow(100, 12), runs.Count(DesignConstraints.EveryLayer));
    }

    [Fact]
    public void A_group_has_no_more_strategies_than_the_space_allows()
    {
        string[] many = [.. Enumerable.Range(0, 13).Select(index => $"s{index}")];
        var space = new DesignSpace(12, 4, many, largestSet: 2);
        Assert.Equal(13 + 78, space.StrategySets.Count);
        Assert.Equal(DesignSpace.CountSets(13, 2), space.StrategySets.Count);
        Assert.All(space.StrategySets, set => Assert.InRange(set.Count, 1, 2));
        var random = new Random(1);
        for (var draw = 0; draw < 200; draw++)
            Assert.All(DesignSampler.Draw(space, draw % 2 == 0 ? DesignConstraints.None : DesignConstraints.EveryLayer, random).Strategies.Groups, set => Assert.InRange(set.Count, 0, 2));
        Assert.False(space.Contains(Design.Uniform(new(many[..3]), 12)));
        Assert.Throws<ArgumentException>(() => new DesignSpace(12, 4, many));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DesignSpace(12, 4, many, largestSet: 0));
        Assert.Equal(15, DesignSpace.CountSets(4, 9));
    }

    [Fact]
    public void Groupings_that_coincide_are_listed_once_by_a_pattern_that_they_fulfil()
    {
        Assert.Equal([GroupingPattern.Uniform], new DesignSpace(4, 4, four).Groupings.Select(grouping => grouping.Pattern));
        Assert.Equal(5, new DesignSpace(6, 4, four).Groupings.Count);
        // two groups: uniform, spindle and bottleneck are one
        Assert.Equal(3, new DesignSpace(6, 2, four).Groupings.Count);
        Assert.Equal(AllocationPattern.Uniform, Assert.Single(new DesignSpace(1, 1, four).Allocations).Pattern);
    }

    [Fact]
    public void The_count_under_constraints_is_the_number_of_designs_that_satisfy_them()
    {
        var space = new DesignSpace(4, 3, ["a", "b"], TunableGroups.AllSubsets(3));
        var all = Enumerate(space).ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all.Length, space.Size);
        foreach (var constraints in SomeConstraints(space))
            Assert.Equal(all.Count(design => Satisfies(design, constraints)), space.Count(constraints));
    }

    [Fact]
    public void Constraints_of_another_space_are_refused()
    {
        var space = new DesignSpace(4, 3, ["a", "b"]);
        Assert.Throws<ArgumentException>(() => space.Count(new GroupConstraints { Grouping = LayerGrouping.Of(GroupingPattern.Uniform, 8, 4) }));
        Assert.Throws<ArgumentException>(() => space.Count(new GroupConstraints { Allocation = Allocation.Of(AllocationPattern.Uniform, 8) }));
        Assert.Throws<ArgumentException>(() => space.Count(new GroupConstraints { Tunable = new([3]) }));
        Assert.Throws<ArgumentException>(() => space.Count(DesignConstraints.None.WithStrategies(3, new("a"))));
    }

    [Fact]
    public void Designs_whose_parts_do_not_match_are_refused()
    {
        var grouping = LayerGrouping.Of(GroupingPattern.Uniform, 4, 2);
        var allocation = Allocation.Of(AllocationPattern.Uniform, 4);
        Assert.Throws<ArgumentException>(() => new Design(grouping, Allocation.Of(AllocationPattern.Uniform, 5), StrategyAssignment.Same(new("a"), 2)));
        Assert.Throws<ArgumentException>(() => new Design(grouping, allocation, StrategyAssignment.Same(new("a"), 3)));
        Assert.Throws<ArgumentException>(() => StrategyAssignment.Same(StrategySet.Empty, 2));
    }

    internal static IEnumerable<Design> Enumerate(DesignSpace space) =>
        from grouping in space.Groupings
        from allocation in space.Allocations
        from sets in Product(space.StrategySets.Prepend(StrategySet.Empty).ToArray(), space.Groups)
        where sets.Any(set => !set.IsEmpty)
        let strategies = new StrategyAssignment(sets)
        where space.TunableOptions.Contains(strategies.Tunable)
        select new Design(grouping, allocation, strategies);

    internal static IEnumerable<GroupConstraints> SomeConstraints(DesignSpace space) =>
    [
        DesignConstraints.None,
        new() { Grouping = space.Groupings[^1] },
        new() { Grouping = space.Groupings[0], Allocation = space.Allocations[1] },
        new() { Tunable = new([0, 2]), Allocation = space.Allocations[0] },
        new() { Tunable = new([0, 1]) },
        DesignConstraints.None.WithStrategies(1, new("a")),
        DesignConstraints.None.WithStrategies(2, StrategySet.Empty),
        new GroupConstraints { Tunable = new([1, 2]) }.WithStrategies(1, new("a", "b")),
        new GroupConstraints { Grouping = space.Groupings[0], Tunable = new([0, 1, 2]) }.WithStrategies(0, new("b")).WithStrategies(1, new("a")),
    ];

    internal static bool Satisfies(Design design, GroupConstraints constraints) =>
        (constraints.Grouping is null || design.Grouping == constraints.Grouping)
        && (constraints.Allocation is null || design.Allocation == constraints.Allocation)
        && (constraints.Tunable is null || design.Tunable == constraints.Tunable)
        && Enumerable.Range(0, design.Strategies.Groups.Count)
            .All(group => constraints.FixedTo(group) is null || design.Strategies.Groups[group] == constraints.FixedTo(group));

    private static IEnumerable<StrategySet[]> Product(StrategySet[] sets, int groups) => groups == 0
        ? [[]]
        : sets.SelectMany(first => Product(sets, groups - 1).Select(rest => (StrategySet[])[first, .. rest]));
}
