namespace Spindle.Models.Tuning.Prefix;

/// <summary>Prefix tuning, by the name <c>prefix</c>.</summary>
public sealed class PrefixKind() : StrategyKind<PrefixOptions>("prefix")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(PrefixOptions options) => new PrefixStrategy(options);

    /// <summary>Flat: once trained, the network has nothing left to do.</summary>
    protected override PrefixOptions Stored(PrefixOptions options) => options with { Network = null };
}
