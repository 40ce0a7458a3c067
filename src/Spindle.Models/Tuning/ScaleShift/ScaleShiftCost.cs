using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Tuning.Parts;

namespace Spindle.Models.Tuning.ScaleShift;

/// <summary>Two parameters per output (Lian et al. 2022, section 3.2), and those of a gate per map where there are gates.</summary>
internal sealed record ScaleShiftCost(IReadOnlyList<LinearPlace> Places, bool Gated) : IStrategyCost
{
    public string Name => "scale-shift";

    public string? SizeName => null;

    public string? Absence(LayerShape layer) => Parameters(layer, 1) > 0 ? null : $"it has none of the places to scale and shift ({string.Join(", ", Places)})";

    public int MaximumSize(LayerShape layer) => 1;

    public long Parameters(LayerShape layer, int size) =>
        layer.Blocks.SelectMany(block => block.LinearsAt(Places)).Sum(linear => 2L * linear.OutputSize + (Gated ? Gate.CountParameters(linear.InputSize) : 0));
}
