using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Lora;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>How deep the backward pass goes.</summary>
public sealed class LowestTunedLayerTests
{
    private const int Lowest = 4;

    [Fact]
    public void No_gradient_is_computed_below_the_lowest_tuned_layer()
    {
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new());
        using var random = new InitialValues(1);
        using var attachment = new LoraStrategy().Attach(new TuningSite(backbone.Layers[Lowest], "lora", 2, random));
        using var buffer = new ParameterBuffer(attachment.Parameters, CPU);
        var ids = arange(1000, 1012).view(2, 6);

        var states = backbone.EncodeAll(new(ids, ones_like(ids), null));

        Assert.Equal(Enumerable.Range(0, states.Count).Select(layer => layer > Lowest), states.Select(state => state.requires_grad));
        states[^1].sum().backward();
        Assert.All(backbone.Weights, weight => Assert.False(weight.Frozen.requires_grad));
    }
}
