using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.BitFit;

/// <summary>Options of BitFit.</summary>
public sealed record BitFitOptions
{
    /// <summary>Which biases are trained.</summary>
    public BitFitPlaces Places { get; init; } = BitFitPlaces.All;

    /// <summary>The linear maps whose biases are trained, and no others; null for those of <see cref="Places"/>.</summary>
    public IReadOnlyList<LinearPlace>? Linears { get; init; }
}
