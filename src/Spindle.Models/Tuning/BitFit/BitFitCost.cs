using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Models.Tuning.BitFit;

/// <summary>BitFit: every bias of the layer's linear maps and norms (Ben Zaken et al. 2022). A linear map without bias gets one that
/// starts at zero; a norm without bias gets none.</summary>
public sealed record BitFitCost : IStrategyCost
{
    /// <summary>Which biases are trained.</summary>
    public BitFitPlaces Places { get; init; } = BitFitPlaces.All;

    /// <inheritdoc/>
    public string Name => "bitfit";

    /// <summary>None: the number of biases is fixed.</summary>
    public string? SizeName => null;

    /// <inheritdoc/>
    public int MaximumSize(LayerShape layer) => 1;

    /// <inheritdoc/>
    public long Parameters(LayerShape layer, int size)
    {
        long biases = 0;
        foreach (var block in layer.Blocks)
        {
            foreach (var linear in block.Linears)
                if (Has(linear.Place))
                    biases += linear.OutputSize;
            if (Places == BitFitPlaces.All)
                foreach (var norm in block.Norms)
                    biases += norm.HasBias ? norm.Size : 0;
        }

        return biases;
    }

    /// <summary>Whether the bias of a linear map is trained.</summary>
    public bool Has(LinearPlace place) => Places == BitFitPlaces.All || place is LinearPlace.AttentionQuery or LinearPlace.CrossAttentionQuery
        or LinearPlace.FeedForwardIn or LinearPlace.FeedForwardGate;
}
