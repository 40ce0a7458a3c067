using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.LayerNorm;

/// <summary>Options of LayerNorm tuning.</summary>
public sealed record LayerNormOptions
{
    /// <summary>The normalisations to train; null for those in the blocks.</summary>
    [MinLength(1)]
    public IReadOnlyList<NormPlace>? Places { get; init; }

    /// <summary>Whether biases are trained too, where the norms have them.</summary>
    public bool Biases { get; init; } = true;
}
