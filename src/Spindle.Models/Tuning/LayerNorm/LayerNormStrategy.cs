using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning.LayerNorm;

/// <summary>LayerNorm tuning (Zhao et al. 2023): trains the weights and biases of the layer's normalisations.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class LayerNormStrategy(LayerNormOptions? options = null) : ITuningStrategy
{
    private static readonly NormPlace[] InBlocks = [NormPlace.Attention, NormPlace.CrossAttention, NormPlace.FeedForward];

    private readonly LayerNormOptions options = options ?? new();

    private IReadOnlyList<NormPlace> Places => options.Places ?? InBlocks;

    /// <inheritdoc/>
    public IStrategyCost Cost => new LayerNormCost(Places, options.Biases);

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var norm in site.Layer.Blocks.SelectMany(block => block.NormsAt(Places)))
        {
            attachment.Train(norm.Weight, $"{site.Name}.{norm.Weight.Name}");
            if (options.Biases && norm.Bias is { } bias) attachment.Train(bias, $"{site.Name}.{bias.Name}");
        }
        return attachment;
    }

    private sealed record LayerNormCost(IReadOnlyList<NormPlace> Places, bool Biases) : IStrategyCost
    {
        public string Name => "layer-norm";

        public string? SizeName => null;

        public string? Absence(LayerShape layer) => Parameters(layer, 1) > 0 ? null : $"it has none of the normalisations to train ({string.Join(", ", Places)})";

        public int MaximumSize(LayerShape layer) => 1;

        public long Parameters(LayerShape layer, int size) =>
            layer.Blocks.SelectMany(block => block.NormsAt(Places)).Sum(norm => (long)norm.Size * (Biases && norm.HasBias ? 2 : 1));
    }
}
