namespace Spindle.Designs.Tests;

public class DesignNeighboursTests
{
    private static readonly DesignSpace Space = new(12, 4, ["adapter", "lora", "prefix"]);

    [Fact]
    public void Every_neighbour_is_another_design_of_the_space_that_differs_in_one_choice() => Gen.Int.Sample(seed =>
    {
        var design = DesignSampler.Draw(Space, DesignConstraints.None, new Random(seed));
        Design[] neighbours = [.. DesignNeighbours.Of(Space, design)];
        Assert.Equal(neighbours.Length, neighbours.Distinct().Count());
        Assert.All(neighbours, neighbour =>
        {
            Assert.True(Space.Contains(neighbour));
            var groups = neighbour.Strategies.Groups.Zip(design.Strategies.Groups).Where(pair => pair.First != pair.Second).ToArray();
            Assert.Equal(1, (neighbour.Grouping != design.Grouping ? 1 : 0) + (neighbour.Allocation != design.Allocation ? 1 : 0) + groups.Length);
            Assert.All(groups, pair => Assert.Equal(1, Math.Abs(pair.First.Count - pair.Second.Count)));
        });
    }, iter: 200);

    [Fact]
    public void Neighbours_are_mutual() => Gen.Int.Sample(seed =>
    {
        var design = DesignSampler.Draw(Space, DesignConstraints.None, new Random(seed));
        Assert.All(DesignNeighbours.Of(Space, design), neighbour => Assert.Contains(design, DesignNeighbours.Of(Space, neighbour)));
    }, iter: 30);

    [Fact]
    public void A_strategy_alone_in_one_group_has_neighbours_in_the_groups_of_the_space()
    {
        Design[] neighbours = [.. DesignNeighbours.Of(Space, Design.Uniform(new("lora"), 12))];
        Assert.Contains(neighbours, neighbour => neighbour.Strategies.Groups.Count(set => set == new StrategySet("lora", "adapter")) == 1);
        Assert.All(neighbours, neighbour => Assert.Equal(4, neighbour.Strategies.Groups.Count));
    }
}
