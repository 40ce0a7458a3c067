using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning.Lora;

namespace Spindle.Models.Tuning.Vera;

/// <summary>Options of VeRA.</summary>
public sealed record VeraOptions
{
    /// <summary>The linear maps to change.</summary>
    [MinLength(1)]
    public IReadOnlyList<LinearPlace> Places { get; init; } = new LoraCost().Places;

    /// <summary>The initial value of the vector over the rank.</summary>
    [Range(-10.0, 10.0)]
    public double Initial { get; init; } = 0.1;

    /// <summary>The seed of the frozen random matrices, which are not stored unless <see cref="StoredProjections"/> says so.</summary>
    public int Seed { get; init; }

    /// <summary>Whether a tuned folder stores the frozen random matrices: one pair in a layer, whose first columns and rows each map takes, as in HF peft.</summary>
    public bool? StoredProjections { get; init; }

    /// <summary>Whether every layer has the same rank, whatever the allocation.</summary>
    public bool? EqualRanks { get; init; }

    /// <summary>The dropout probability of the input.</summary>
    [Range(0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Whether a gate scales each change; a gated change cannot be merged.</summary>
    public bool Gated { get; init; }
}
