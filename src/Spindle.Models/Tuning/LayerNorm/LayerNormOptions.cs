namespace Spindle.Models.Tuning.LayerNorm;

/// <summary>Options of LayerNorm tuning.</summary>
public sealed record LayerNormOptions
{
    /// <summary>Whether biases are trained too, where the norms have them.</summary>
    public bool Biases { get; init; } = true;
}
