using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Tuning.Parts;

namespace Spindle.Models.Tuning.Ia3;

/// <summary>One parameter per scaled output and input (Liu et al. 2022).</summary>
internal sealed record Ia3Cost(Ia3Options Options) : IStrategyCost
{
    public string Name => "ia3";

    public string? SizeName => null;

    public string? Absence(LayerShape layer) => Parameters(layer, 1) > 0
        ? null
        : $"it has none of (IA)³'s places ({string.Join(", ", Options.Outputs.Concat(Options.Inputs))})";

    public int MaximumSize(LayerShape layer) => 1;

    public long Parameters(LayerShape layer, int size) => layer.Blocks.Sum(block =>
        block.LinearsAt(Options.Outputs).Sum(linear => linear.OutputSize + GateOf(linear)) + block.LinearsAt(Options.Inputs).Sum(linear => linear.InputSize + GateOf(linear)));

    private long GateOf(LinearShape linear) => Options.Gated ? Gate.CountParameters(linear.InputSize) : 0;
}
