namespace Spindle.Models.Tuning.Prefix;

/// <summary>Prefix tuning, by the name <c>prefix</c>.</summary>
public sealed class PrefixKind() : StrategyKind<PrefixOptions>("prefix")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(PrefixOptions options) => new PrefixStrategy(options);

    /// <summary>Flat: after training, the network is no longer needed.</summary>
    protected override PrefixOptions Stored(PrefixOptions options) => options with { Network = null };
}
