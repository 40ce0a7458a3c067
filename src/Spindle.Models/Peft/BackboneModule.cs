using Spindle.Models.Backbones;
using Spindle.Models.Places;

namespace Spindle.Models.Peft;

/// <summary>A linear map of a backbone's layers with its module name.</summary>
/// <param name="Layer">The layer's zero-based index.</param>
/// <param name="Linear">The map.</param>
/// <param name="Name">The module name without a class's prefix (<c>encoder.layer.0.attention.self.query</c>).</param>
public sealed record BackboneModule(int Layer, TunableLinear Linear, string Name)
{
    private const string Weight = ".weight";

    /// <summary>Every linear map of a backbone's layers, in order of depth, and the pooler.</summary>
    internal static IReadOnlyList<BackboneModule> Of(IBackbone backbone) =>
    [
        .. backbone.Layers.SelectMany((layer, index) => layer.Blocks.SelectMany(block => block.LinearsAndPooler)
            .Select(linear => new BackboneModule(index, linear, linear.Weight.Name[..^Weight.Length]))),
    ];
}
