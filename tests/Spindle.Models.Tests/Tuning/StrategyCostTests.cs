using Spindle.Designs.Shapes;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.BitFit;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Prefix;
using Spindle.Tests.Costs;
using Spindle.Tests.Shapes;

namespace Spindle.Models.Tests.Tuning;

public class StrategyCostTests
{
    private static readonly LayerShape layer = new([
        new("encoder", 8, [new(false, 12)], [
            new(LinearPlace.AttentionQuery, 8, 12, true), new(LinearPlace.AttentionValue, 8, 12, false),
            new(LinearPlace.AttentionOutput, 12, 8, false), new(LinearPlace.FeedForwardIn, 8, 32, true)],
            [new(8, true), new(8, false)]),
        new("decoder", 6, [new(false, 6), new(true, 10)], [
            new(LinearPlace.CrossAttentionQuery, 6, 10, false), new(LinearPlace.FeedForwardOut, 32, 6, false)],
            [new(6, true)])]);

    [Fact]
    public void An_adapter_is_two_maps_with_biases_in_every_block() => Assert.Equal(
        (2 * 8 * 3 + 3 + 8) + (2 * 6 * 3 + 3 + 6), new AdapterCost().Parameters(layer, 3));

    [Fact]
    public void Houlsbys_placement_has_two_adapters_in_a_block()
    {
        Assert.Equal(2 * new AdapterCost().Parameters(layer, 3), new AdapterCost { Placement = AdapterPlacement.Houlsby }.Parameters(layer, 3));
        Assert.Equal(new AdapterCost().Parameters(layer, 3), new AdapterCost { Placement = AdapterPlacement.Parallel }.Parameters(layer, 3));
    }

    [Fact]
    public void A_prefix_is_keys_and_values_of_every_attention() => Assert.Equal(2 * (12 + 6 + 10) * 5, new PrefixCost().Parameters(layer, 5));

    [Fact]
    public void A_prefix_stands_at_its_places_alone()
    {
        Assert.Equal(2 * (6 + 10) * 5, new PrefixCost { Places = [AttentionPlace.DecoderCross, AttentionPlace.DecoderSelf] }.Parameters(layer, 5));
        Assert.Equal(2 * 12 * 5, new PrefixCost { Places = [AttentionPlace.EncoderSelf] }.Parameters(layer, 5));
        var decoder = new LayerShape([layer.Blocks[1]]);
        Assert.Null(new PrefixCost().Absence(decoder));
        Assert.Contains("EncoderSelf", new PrefixCost { Places = [AttentionPlace.EncoderSelf] }.Absence(decoder));
    }

    [Fact]
    public void A_prefix_network_is_an_embedding_a_position_and_two_maps_for_every_attention() => Assert.Equal(
        (8 * 5 + (8 + 1) * 3 + (3 + 1) * 2 * 12) + (6 * 5 + (6 + 1) * 3 + (3 + 1) * 2 * 6) + (6 * 5 + (6 + 1) * 3 + (3 + 1) * 2 * 10),
        new PrefixCost { Network = 3 }.Parameters(layer, 5));

    [Fact]
    public void BitFit_adds_biases_to_linear_maps_but_not_to_norms() => Assert.Equal(
        (12 + 12 + 8 + 32) + 8 + (10 + 6) + 6, new BitFitCost().Parameters(layer, 1));

    [Fact]
    public void Lora_stands_beside_query_and_value_of_every_attention()
    {
        Assert.Equal((20 + 20 + 16) * 3, new LoraCost().Parameters(layer, 3));
        Assert.Equal((8 + 32 + 32 + 6) * 3, new LoraCost { Places = [LinearPlace.FeedForwardOut, LinearPlace.FeedForwardIn] }.Parameters(layer, 3));
    }

    [Fact]
    public void Sizes_end_where_they_stop_making_sense()
    {
        Assert.Equal(6, new AdapterCost().MaximumSize(layer));
        Assert.Equal(6, new LoraCost().MaximumSize(layer));
        Assert.Equal(8, new LoraCost { Places = [LinearPlace.FeedForwardIn] }.MaximumSize(layer));
        Assert.Equal(512, new PrefixCost().MaximumSize(layer));
    }

    [Fact]
    public void Lora_without_a_place_in_the_layer_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new LoraCost { Places = [LinearPlace.FeedForwardGate] }.Parameters(layer, 1));
        Assert.Throws<ArgumentException>(() => new LoraCost { Places = [] });
    }

    [Fact]
    public void Costs_keep_their_contract_on_real_shapes()
    {
        foreach (var shape in RealShapes.All())
            foreach (var cost in TestCosts.All.Names.Select(name => StrategyRegistry.Default.Costs[name]))
            {
                var maximum = cost.MaximumSize(shape.Layers[0]);
                var sizes = Enumerable.Range(1, cost.HasSize ? maximum : 1).Select(size => cost.Parameters(shape.Layers[0], size)).ToArray();
                Assert.True(sizes[0] > 0);
                Assert.All(sizes.Zip(sizes.Skip(1)), pair => Assert.True(pair.First < pair.Second));
            }
    }

    [Fact]
    public void BitFit_counts_every_bias_of_a_layer()
    {
        var shapes = RealShapes.All();
        var roberta = shapes.First(shape => shape.Name == "roberta-base");
        // query, key, value, output, two norms: 768 each; feed-forward 3,072 and 768
        Assert.Equal(12 * (6 * 768 + 3072 + 768), roberta.Layers.Sum(layer => new BitFitCost().Parameters(layer, 1)));
        var t5 = shapes.First(shape => shape.Name == "t5-base");
        Assert.Equal(12 * (12 * 768 + 2 * (3072 + 768)), t5.Layers.Sum(layer => new BitFitCost().Parameters(layer, 1)));
    }

    [Fact]
    public void The_costs_that_tests_of_designs_use_are_those_of_the_default_strategies()
    {
        var costs = StrategyRegistry.Default.Costs;
        foreach (var name in TestCosts.All.Names)
            foreach (var layer in RealShapes.All().Select(shape => shape.Layers[0]))
            {
                Assert.Equal(costs[name].MaximumSize(layer), TestCosts.All[name].MaximumSize(layer));
                Assert.Equal(costs[name].SizeName, TestCosts.All[name].SizeName);
                Assert.All([1, 2, 17], size => Assert.Equal(costs[name].Parameters(layer, size), TestCosts.All[name].Parameters(layer, size)));
            }
    }
}
