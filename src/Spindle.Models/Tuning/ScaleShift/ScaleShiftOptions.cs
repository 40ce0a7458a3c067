using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.ScaleShift;

/// <summary>Options of scaling and shifting.</summary>
public sealed record ScaleShiftOptions
{
    /// <summary>The linear maps whose outputs are scaled and shifted.</summary>
    [MinLength(1)]
    public IReadOnlyList<LinearPlace> Places { get; init; } = [.. Enum.GetValues<LinearPlace>().Where(place => place != LinearPlace.Pooler)];

    /// <summary>Whether a gate scales each change; a gated change cannot be merged.</summary>
    public bool Gated { get; init; }
}
