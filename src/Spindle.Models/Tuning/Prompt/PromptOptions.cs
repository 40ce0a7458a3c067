using System.ComponentModel.DataAnnotations;

namespace Spindle.Models.Tuning.Prompt;

/// <summary>Options of prompt tuning.</summary>
public sealed record PromptOptions
{
    /// <summary>The standard deviation of the initial vectors.</summary>
    [Range(0, 10.0, MinimumIsExclusive = true)]
    public double Deviation { get; init; } = 0.02;

    /// <summary>The longest prompt for any budget. In a backbone with a position table it takes positions from the tokens. Lester et al. 2021, section 3.2, gained
    /// little beyond 20 and nothing beyond 100.</summary>
    [Range(1, 4096)]
    public int MaximumLength { get; init; } = 100;
}
