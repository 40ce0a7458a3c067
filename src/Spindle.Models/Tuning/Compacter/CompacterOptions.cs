using System.ComponentModel.DataAnnotations;
using Spindle.Models.Tuning.Adapters;

namespace Spindle.Models.Tuning.Compacter;

/// <summary>The options of Compacter.</summary>
public sealed record CompacterOptions
{
    /// <summary>Where the bottlenecks stand: <c>houlsby</c> is Compacter, <c>pfeiffer</c> Compacter++.</summary>
    public AdapterPlacement Placement { get; init; } = AdapterPlacement.Houlsby;

    /// <summary>The number n of Kronecker products that a weight is the sum of; it divides the hidden size.</summary>
    [Range(1, 64)]
    public int Dimension { get; init; } = 4;

    /// <summary>The rank of the products' second factors.</summary>
    [Range(1, 64)]
    public int Rank { get; init; } = 1;

    /// <summary>What bends the bottleneck.</summary>
    public AdapterActivation Activation { get; init; } = AdapterActivation.Gelu;

    /// <summary>What the output is multiplied by.</summary>
    public double Scaling { get; init; } = 1;

    /// <summary>The dropout probability of the output.</summary>
    [Range(0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Whether a gate lets part of each output through.</summary>
    public bool Gated { get; init; }
}
