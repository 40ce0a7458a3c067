using Spindle.Designs.Shapes;
using Spindle.Tests.Shapes;

namespace Spindle.Designs.Tests.Shapes;

public class BackboneShapeTests
{
    private static readonly BlockShape block = new("encoder", 8, [new(false, 8)], [new(LinearPlace.AttentionQuery, 8, 8, true)], [new(8, true)]);

    [Fact]
    public void Paired_blocks_are_one_layer() => Assert.Equal([2, 2], BackboneShape.Paired("b", 1, [block, block], [block, block]).Layers.Select(layer => layer.Blocks.Count));

    [Fact]
    public void Sequential_blocks_are_a_layer_each() => Assert.Equal([1, 1, 1], BackboneShape.Sequential("b", 1, [block, block], [block]).Layers.Select(layer => layer.Blocks.Count));

    [Fact]
    public void An_encoder_alone_has_one_numbering() => Assert.Equal(BackboneShape.Sequential("b", 1, [block, block], []), BackboneShape.Paired("b", 1, [block, block], []));

    [Fact]
    public void Stacks_of_different_depth_do_not_pair() => Assert.Throws<ArgumentException>(() => BackboneShape.Paired("b", 1, [block], [block, block]));

    [Fact]
    public void Real_backbones_have_their_published_size_without_the_head()
    {
        var shapes = RealShapes.All().DistinctBy(shape => shape.Name).ToDictionary(shape => shape.Name);
        Assert.Equal(8, shapes.Count);
        Assert.Equal(222_903_552, shapes["t5-base"].Parameters);
        Assert.Equal(1_114_517, Designs.Budgets.Budget.Parse("0.5%").For(shapes["t5-base"].Parameters));
        Assert.Equal(12, shapes["t5-base"].Layers.Count);
        Assert.Equal(109_482_240, shapes["bert-base-uncased"].Parameters);
    }
}
