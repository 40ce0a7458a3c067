using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning.Lora;

namespace Spindle.Models.Tuning.Dora;

/// <summary>Options of DoRA.</summary>
public sealed record DoraOptions
{
    /// <summary>The linear maps to decompose.</summary>
    [MinLength(1)]
    public IReadOnlyList<LinearPlace> Places { get; init; } = new LoraCost().Places;

    /// <summary>The numerator of the scale; null for twice the rank.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Alpha { get; init; }

    /// <summary>Whether the scale is alpha / √rank instead of alpha / rank.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>The dropout probability of the input.</summary>
    [Range(0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Whether the norm of the changed weight is a constant in the backward pass (Liu et al. 2024, section 4.3), as in HF peft.</summary>
    public bool ConstantNorm { get; init; } = true;

    /// <summary>Whether a gate scales each change; a gated change cannot be merged.</summary>
    public bool Gated { get; init; }

    /// <summary>The scale of the difference at a rank.</summary>
    public double ScaleOf(int rank) => (Alpha ?? 2.0 * rank) / (RankStabilized ? Math.Sqrt(rank) : rank);
}
