namespace Spindle.Models.Tuning.Vera;

/// <summary>VeRA, by the name <c>vera</c>.</summary>
public sealed class VeraKind() : StrategyKind<VeraOptions>("vera")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(VeraOptions options) => new VeraStrategy(options);
}
