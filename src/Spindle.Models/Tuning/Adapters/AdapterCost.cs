using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Adapters: bottlenecks of h → b → h with biases, 2·h·b + b + h parameters each (Houlsby et al. 2019).</summary>
public sealed record AdapterCost : IStrategyCost
{
    /// <summary>Where the adapters are placed, which decides how many a block has.</summary>
    public AdapterPlacement Placement { get; init; } = AdapterPlacement.Pfeiffer;

    /// <summary>Whether each has a gate with h + 1 parameters (Mao et al. 2022).</summary>
    public bool Gated { get; init; }

    /// <inheritdoc/>
    public string Name => "adapter";

    /// <inheritdoc/>
    public string SizeName => "bottleneck";

    /// <summary>The hidden size.</summary>
    /// <inheritdoc/>
    public int MaximumSize(LayerShape layer)
    {
        var smallest = int.MaxValue;
        foreach (var block in layer.Blocks) smallest = Math.Min(smallest, block.HiddenSize);
        return smallest;
    }

    /// <inheritdoc/>
    public long Parameters(LayerShape layer, int size)
    {
        long parameters = 0;
        foreach (var block in layer.Blocks) parameters += 2L * block.HiddenSize * size + size + block.HiddenSize + (Gated ? block.HiddenSize + 1 : 0);
        return Placement == AdapterPlacement.Houlsby ? 2 * parameters : parameters;
    }
}
