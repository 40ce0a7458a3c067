using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The activations of feed-forward parts, by the names that <c>config.json</c> gives them.</summary>
internal static class Activations
{
    private const string Known = "gelu, gelu_new, relu, silu, swish";

    public static Func<Tensor, Tensor> Find(BackboneConfiguration configuration, string key) =>
        configuration.Text(key, "gelu") is var name && Of(name) is { } activation ? activation : throw configuration.Unsupported(key, name, Known);

    public static Func<Tensor, Tensor> Named(string name) => Of(name) ?? throw new ArgumentException($"no activation {name}; there are {Known}", nameof(name));

    private static Func<Tensor, Tensor>? Of(string name) => name switch
    {
        "gelu" => input => nn.functional.gelu(input),
        "gelu_new" => input => input.Times(0.5) * input.Plus((input * input * input).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI)).tanh().Plus(1.0),
        "relu" => input => nn.functional.relu(input),
        "silu" or "swish" => input => nn.functional.silu(input),
        _ => null,
    };
}
