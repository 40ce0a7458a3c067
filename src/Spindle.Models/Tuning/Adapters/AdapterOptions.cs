using System.ComponentModel.DataAnnotations;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Options of bottleneck adapters.</summary>
public sealed record AdapterOptions
{
    /// <summary>Where the adapters are placed.</summary>
    public AdapterPlacement Placement { get; init; } = AdapterPlacement.Pfeiffer;

    /// <summary>The activation of the bottleneck.</summary>
    public AdapterActivation Activation { get; init; } = AdapterActivation.Relu;

    /// <summary>The factor of the adapter's output.</summary>
    public double Scaling { get; init; } = 1;

    /// <summary>The dropout probability of the adapter's output.</summary>
    [Range(0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Whether a gate scales the output.</summary>
    public bool Gated { get; init; }
}

/// <summary>The activations of a bottleneck.</summary>
public enum AdapterActivation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>The Gaussian error linear unit.</summary>
    Gelu,

    /// <summary>x · sigmoid(x), also known as SiLU.</summary>
    Swish,
}
