namespace Spindle.Models.Tuning.Dora;

/// <summary>DoRA, by the name <c>dora</c>.</summary>
public sealed class DoraKind() : StrategyKind<DoraOptions>("dora")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(DoraOptions options) => new DoraStrategy(options);
}
