using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>Encoder-decoders number their layers as they are asked to.</summary>
public class LayerNumberingTests
{
    [Theory]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    public void Sequential_layers_are_one_block_each_the_encoders_first(string name)
    {
        var folder = new TinyBackbone(name).Folder;
        using var paired = BackboneCatalogue.Load(folder, new());
        using var sequential = BackboneCatalogue.Load(folder, new() { Layers = LayerNumbering.Sequential });
        Assert.All(paired.Layers, layer => Assert.Equal(["encoder", "decoder"], layer.Blocks.Select(block => block.Stack)));
        var half = paired.Layers.Count;
        Assert.Equal([.. Enumerable.Repeat("encoder", half), .. Enumerable.Repeat("decoder", half)], sequential.Layers.Select(layer => Assert.Single(layer.Blocks).Stack));
        Assert.Equal(paired.Shape.Parameters, sequential.Shape.Parameters);
        Assert.Equal(paired.Layers[1].Shape.Blocks[1], sequential.Layers[half + 1].Shape.Blocks[0]);
    }

    [Theory]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    public void Tuning_a_sequential_layer_of_the_decoder_leaves_the_encoder_alone(string name)
    {
        var tiny = new TinyBackbone(name);
        using var backbone = (ISequenceToSequence)BackboneCatalogue.Load(tiny.Folder, new() { Layers = LayerNumbering.Sequential });
        using var scope = NewDisposeScope();
        var batch = tiny.Batch();
        var (encoder, decoder) = States();
        using var random = new InitialValues(0);
        using var attachment = StrategyRegistry.Default.Find("prefix").Attach(new(backbone.Layers[^1], "last", 3, random));
        using var buffer = new ParameterBuffer(attachment.Parameters, CPU);
        var (sameEncoder, otherDecoder) = States();
        Assert.Equal(encoder, sameEncoder);
        Assert.NotEqual(decoder, otherDecoder);

        (float[] Encoder, float[] Decoder) States()
        {
            using var noGrad = no_grad();
            return (TinyBackbone.Numbers(backbone.EncodeSource(batch)[^1]), TinyBackbone.Numbers(backbone.Encode(batch)));
        }
    }

    [Theory]
    [InlineData("bart-tiny", "decoder_layers")]
    [InlineData("t5-tiny", "num_decoder_layers")]
    public void Stacks_of_unequal_depth_are_numbered_one_after_the_other(string name, string key)
    {
        using var changed = new ChangedCheckpoint(name, configuration => configuration[key] = 2);
        using var backbone = BackboneCatalogue.Outline(changed.Folder, new());
        Assert.Equal(["encoder", "encoder", "encoder", "encoder", "decoder", "decoder"], backbone.Layers.Select(layer => Assert.Single(layer.Blocks).Stack));
    }
}
