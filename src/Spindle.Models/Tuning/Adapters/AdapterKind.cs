namespace Spindle.Models.Tuning.Adapters;

/// <summary>Bottleneck adapters, by the name <c>adapter</c>.</summary>
public sealed class AdapterKind() : StrategyKind<AdapterOptions>("adapter")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(AdapterOptions options) => new AdapterStrategy(options);
}
