using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning.Lora;

namespace Spindle.Models.Tuning.Vera;

/// <summary>The options of VeRA.</summary>
public sealed record VeraOptions
{
    /// <summary>The linear maps that get a difference.</summary>
    [MinLength(1)]
    public IReadOnlyList<LinearPlace> Places { get; init; } = new LoraCost().Places;

    /// <summary>What the vector over the rank starts at.</summary>
    [Range(-10.0, 10.0)]
    public double Initial { get; init; } = 0.1;

    /// <summary>The seed of the frozen random matrices, which are not stored.</summary>
    public int Seed { get; init; }

    /// <summary>The dropout probability of what enters.</summary>
    [Range(0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Whether a gate lets part of each change through; what is gated does not merge.</summary>
    public bool Gated { get; init; }
}
