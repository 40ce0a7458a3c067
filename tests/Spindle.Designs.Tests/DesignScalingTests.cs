namespace Spindle.Designs.Tests;

public class DesignScalingTests
{
    [Fact]
    public void Patterns_stay_patterns_in_another_number_of_layers()
    {
        var design = new Design(
            LayerGrouping.Of(GroupingPattern.Spindle, 12, 4), Allocation.Of(AllocationPattern.Increasing, 12), new([new("lora"), new("adapter"), new("adapter", "lora"), new("bitfit")]));
        var larger = DesignScaling.ToLayers(design, 24);
        Assert.Equal(LayerGrouping.Of(GroupingPattern.Spindle, 24, 4), larger.Grouping);
        Assert.Equal(Allocation.Of(AllocationPattern.Increasing, 24), larger.Allocation);
        Assert.Equal(design.Strategies, larger.Strategies);
        Assert.Equal(design, DesignScaling.ToLayers(larger, 12));
    }

    [Fact]
    public void Custom_sizes_and_drawn_weights_are_stretched_to_the_new_depth() => Gen.Select(Gen.Int[1, 8].Array[1, 6], Gen.Int[1, 40]).Sample((sizes, more) =>
    {
        var design = new Design(
            LayerGrouping.Custom(sizes), Allocation.Drawn([.. Enumerable.Range(1, sizes.Sum())]), new([.. sizes.Select((_, group) => new StrategySet(group % 2 == 0 ? "lora" : "bitfit"))]));
        var layers = sizes.Length + more - 1;
        var scaled = DesignScaling.ToLayers(design, layers);
        Assert.Equal(layers, scaled.Layers);
        Assert.Equal(sizes.Length, scaled.Grouping.Sizes.Count);
        Assert.Equal(design.Strategies, scaled.Strategies);
        // later layers never get less than earlier ones, as in the original
        Assert.Equal(scaled.Allocation.Weights.Order(), scaled.Allocation.Weights);
    });

    [Fact]
    public void A_design_of_single_layers_takes_the_strategies_of_the_nearest_layer()
    {
        var design = new Design(LayerGrouping.EveryLayer(3), Allocation.Of(AllocationPattern.Uniform, 3), new([new("lora"), StrategySet.Empty, new("bitfit")]));
        Assert.Equal("lora | lora | none | none | bitfit | bitfit", DesignScaling.ToLayers(design, 6).Strategies.ToString());
    }

    [Fact]
    public void More_groups_than_layers_are_refused_with_the_remedy()
    {
        var design = new Design(LayerGrouping.Of(GroupingPattern.Uniform, 6, 3), Allocation.Of(AllocationPattern.Uniform, 6), new([new("lora"), new("lora"), new("lora")]));
        Assert.Contains("3 groups, which do not fit into 2 layers", Assert.Throws<InvalidDataException>(() => DesignScaling.ToLayers(design, 2)).Message, StringComparison.Ordinal);
    }
}
