using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The activations of feed-forward parts, by the names that <c>config.json</c> gives them.</summary>
internal static class Activations
{
    public static Func<Tensor, Tensor> Find(BackboneConfiguration configuration, string key) => configuration.Text(key, "gelu") switch
    {
        "gelu" => input => nn.functional.gelu(input),
        "relu" => input => nn.functional.relu(input),
        "silu" or "swish" => input => nn.functional.silu(input),
        var name => throw configuration.Unsupported(key, name, "gelu, relu, silu, swish"),
    };
}
