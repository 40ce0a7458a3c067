using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.Ia3;

/// <summary>Options of (IA)³.</summary>
public sealed record Ia3Options
{
    /// <summary>The linear maps whose outputs are scaled.</summary>
    public IReadOnlyList<LinearPlace> Outputs { get; init; } =
        [LinearPlace.AttentionKey, LinearPlace.AttentionValue, LinearPlace.CrossAttentionKey, LinearPlace.CrossAttentionValue];

    /// <summary>The linear maps whose inputs are scaled.</summary>
    public IReadOnlyList<LinearPlace> Inputs { get; init; } = [LinearPlace.FeedForwardOut];

    /// <summary>Whether a gate scales each change; a gated change cannot be merged.</summary>
    public bool Gated { get; init; }
}
