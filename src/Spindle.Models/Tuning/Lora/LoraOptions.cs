using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.Lora;

/// <summary>Options of LoRA.</summary>
public sealed record LoraOptions
{
    /// <summary>The linear maps to change.</summary>
    [MinLength(1)]
    public IReadOnlyList<LinearPlace> Places { get; init; } = new LoraCost().Places;

    /// <summary>The numerator of the scale; null for twice the rank.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Alpha { get; init; }

    /// <summary>Whether the scale is alpha / √rank (rsLoRA, Kalajdzievski 2023) instead of alpha / rank.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>The dropout probability of the difference's input.</summary>
    [Range(0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Whether a gate scales each difference; a gated difference cannot be merged.</summary>
    public bool Gated { get; init; }

    /// <summary>The scale of the difference at a rank.</summary>
    public double ScaleOf(int rank) => (Alpha ?? 2.0 * rank) / (RankStabilized ? Math.Sqrt(rank) : rank);
}
