namespace Spindle.Models.Tuning.LayerNorm;

/// <summary>LayerNorm tuning, by the name <c>layer-norm</c>.</summary>
public sealed class LayerNormKind() : StrategyKind<LayerNormOptions>("layer-norm")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(LayerNormOptions options) => new LayerNormStrategy(options);
}
