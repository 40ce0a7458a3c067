using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.Parts;

namespace Spindle.Models.Tuning.Compacter;

/// <summary>n³ for the rules that the bottlenecks of a layer share; for every bottleneck of width n·size, r·(h + n·size) each for the down- and the up-projection, the biases, and
/// h + 1 for a gate (Karimi Mahabadi et al. 2021, section 3.3, where all layers share one set of rules).</summary>
internal sealed record CompacterCost(CompacterOptions Options) : IStrategyCost
{
    public string Name => "compacter";

    public string SizeName => $"bottleneck / {Options.Dimension}";

    public string? Absence(LayerShape layer) => layer.Blocks.FirstOrDefault(block => block.HiddenSize % Options.Dimension != 0) is { } block
        ? $"its hidden size {block.HiddenSize} is not a multiple of Compacter's dimension {Options.Dimension}"
        : null;

    public int MaximumSize(LayerShape layer) => layer.Blocks.Min(block => block.HiddenSize) / Options.Dimension;

    public long Parameters(LayerShape layer, int size)
    {
        var (n, width) = ((long)Options.Dimension, (long)Options.Dimension * size);
        var bottlenecks = Options.Placement == AdapterPlacement.Houlsby ? 2 : 1;
        return n * n * n + bottlenecks * layer.Blocks.Sum(block => 2 * Options.Rank * (block.HiddenSize + width) + width + block.HiddenSize + (Options.Gated ? Gate.CountParameters(block.HiddenSize) : 0));
    }
}
