
namespace Spindle.Models.Tuning.BitFit;

/// <summary>Options of BitFit.</summary>
public sealed record BitFitOptions
{
    /// <summary>Which biases are trained.</summary>
    public BitFitPlaces Places { get; init; } = BitFitPlaces.All;
}
