using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.ScaleShift;

/// <summary>The options of scaling and shifting.</summary>
public sealed record ScaleShiftOptions
{
    /// <summary>The linear maps whose outputs are scaled and shifted.</summary>
    [MinLength(1)]
    public IReadOnlyList<LinearPlace> Places { get; init; } = Enum.GetValues<LinearPlace>();

    /// <summary>Whether a gate lets part of each change through; what is gated does not merge.</summary>
    public bool Gated { get; init; }
}
