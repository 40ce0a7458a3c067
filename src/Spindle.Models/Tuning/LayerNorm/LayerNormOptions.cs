namespace Spindle.Models.Tuning.LayerNorm;

/// <summary>The options of LayerNorm tuning.</summary>
public sealed record LayerNormOptions
{
    /// <summary>Whether the biases are trained too, where the norms have some.</summary>
    public bool Biases { get; init; } = true;
}
