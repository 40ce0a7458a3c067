using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Models.Tuning.BitFit;

/// <summary>BitFit: every bias of the layer's linear maps and norms (Ben Zaken et al. 2022). A linear map without bias gets one that
/// starts at zero; a norm without bias gets none.</summary>
public sealed record BitFitCost : IStrategyCost
{
    private static readonly NormPlace[] InBlocks = [NormPlace.Attention, NormPlace.CrossAttention, NormPlace.FeedForward];

    /// <summary>Which biases are trained.</summary>
    public BitFitPlaces Places { get; init; } = BitFitPlaces.All;

    /// <summary>The linear maps whose biases are trained, and no others; null for those of <see cref="Places"/>.</summary>
    public IReadOnlyList<LinearPlace>? Linears { get; init; }

    /// <inheritdoc/>
    public string Name => "bitfit";

    /// <summary>None: the number of biases is fixed.</summary>
    public string? SizeName => null;

    /// <summary>The normalisations whose biases are trained.</summary>
    public IReadOnlyList<NormPlace> Norms => Linears is not null ? [] : Places switch
    {
        BitFitPlaces.All => InBlocks,
        BitFitPlaces.AllAndOutside => [.. InBlocks, NormPlace.Outside],
        _ => [],
    };

    /// <inheritdoc/>
    public string? Absence(LayerShape layer) => Parameters(layer, 1) > 0 ? null : "it has none of the biases to train";

    /// <inheritdoc/>
    public int MaximumSize(LayerShape layer) => 1;

    /// <inheritdoc/>
    public long Parameters(LayerShape layer, int size)
    {
        long biases = 0;
        var norms = Norms;
        foreach (var block in layer.Blocks)
        {
            foreach (var linear in block.Linears)
                if (Has(linear.Place))
                    biases += linear.OutputSize;
            if (block.Pooler is { } pooler && Has(LinearPlace.Pooler)) biases += pooler.OutputSize;
            foreach (var norm in block.NormsAt(norms)) biases += norm.HasBias ? norm.Size : 0;
        }

        return biases;
    }

    /// <summary>Whether the bias of a linear map is trained.</summary>
    public bool Has(LinearPlace place) => Linears is { } only ? only.Contains(place) : Places switch
    {
        BitFitPlaces.All => place != LinearPlace.Pooler,
        BitFitPlaces.AllAndOutside => true,
        _ => place is LinearPlace.AttentionQuery or LinearPlace.CrossAttentionQuery or LinearPlace.FeedForwardIn or LinearPlace.FeedForwardGate,
    };
}
