using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The activations of feed-forward parts, by their names in <c>config.json</c>.</summary>
public static class ActivationFunctions
{
    private const string Supported = "gelu, gelu_new, relu, silu, swish";

    /// <summary>The activation that a configuration names; GELU where it names none.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="key">The key that holds the name.</param>
    /// <exception cref="InvalidDataException">The activation is not supported.</exception>
    public static Func<Tensor, Tensor> Find(BackboneConfiguration configuration, string key) =>
        configuration.Text(key, "gelu") is var name && Find(name) is { } activation ? activation : throw configuration.Unsupported(key, name, Supported);

    /// <summary>An activation by name.</summary>
    /// <exception cref="ArgumentException">There is no activation of that name.</exception>
    public static Func<Tensor, Tensor> Named(string name) => Find(name) ?? throw new ArgumentException($"no activation {name}; supported are {Supported}", nameof(name));

    private static Func<Tensor, Tensor>? Find(string name) => name switch
    {
        "gelu" => Gelu.Forward,
        "gelu_new" => input => input.Times(0.5) * input.Plus((input * input * input).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI)).tanh().Plus(1.0),
        "relu" => input => nn.functional.relu(input),
        "silu" or "swish" => input => nn.functional.silu(input),
        _ => null,
    };
}
