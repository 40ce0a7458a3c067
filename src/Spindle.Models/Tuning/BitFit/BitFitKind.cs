namespace Spindle.Models.Tuning.BitFit;

/// <summary>BitFit, by the name <c>bitfit</c>.</summary>
public sealed class BitFitKind() : StrategyKind<BitFitOptions>("bitfit")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(BitFitOptions options) => new BitFitStrategy(options);
}
