using System.ComponentModel.DataAnnotations;
using Spindle.Models.Tuning.Adapters;

namespace Spindle.Models.Tuning.Compacter;

/// <summary>Options of Compacter.</summary>
public sealed record CompacterOptions
{
    /// <summary>Where the bottlenecks are placed: <c>houlsby</c> is Compacter, <c>pfeiffer</c> is Compacter++.</summary>
    public AdapterPlacement Placement { get; init; } = AdapterPlacement.Houlsby;

    /// <summary>The number n of Kronecker products whose sum is a weight; it must divide the hidden size.</summary>
    [Range(1, 64)]
    public int Dimension { get; init; } = 4;

    /// <summary>The rank of the second factors of the products.</summary>
    [Range(1, 64)]
    public int Rank { get; init; } = 1;

    /// <summary>The activation of the bottleneck.</summary>
    public AdapterActivation Activation { get; init; } = AdapterActivation.Gelu;

    /// <summary>The factor of the output.</summary>
    public double Scaling { get; init; } = 1;

    /// <summary>The dropout probability of the output.</summary>
    [Range(0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Whether a gate scales each output.</summary>
    public bool Gated { get; init; }
}
