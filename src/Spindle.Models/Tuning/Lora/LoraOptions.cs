using Spindle.Designs.Strategies;

namespace Spindle.Models.Tuning.Lora;

/// <summary>The options of LoRA.</summary>
public sealed record LoraOptions
{
    /// <summary>The cost, which names the linear maps that are tuned.</summary>
    public LoraCost Cost { get; init; } = new();

    /// <summary>The numerator of the scale alpha / rank, or null for twice the rank.</summary>
    public double? Alpha { get; init; }

    /// <summary>The scale of the difference at a rank.</summary>
    public double ScaleOf(int rank) => (Alpha ?? 2.0 * rank) / rank;
}
