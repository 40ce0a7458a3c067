using Spindle.Designs.Shapes;

namespace Spindle.Designs.Strategies;

/// <summary>Flat prefixes: trained keys and values before those of every attention of every block, 2·inner·length parameters each
/// (Li and Liang 2021, without the re-parameterising network).</summary>
public sealed record PrefixCost : IStrategyCost
{
    /// <summary>The longest prefix, at least 1.</summary>
    public int MaximumLength { get; init; } = 512;

    /// <inheritdoc/>
    public string Name => "prefix";

    /// <inheritdoc/>
    public string SizeName => "prefix length";

    /// <inheritdoc/>
    public int MaximumSize(LayerShape layer) => MaximumLength;

    /// <inheritdoc/>
    public long Parameters(LayerShape layer, int size)
    {
        long inner = 0;
        foreach (var block in layer.Blocks)
            foreach (var attention in block.Attentions)
                inner += attention.InnerSize;
        return 2 * inner * size;
    }
}
