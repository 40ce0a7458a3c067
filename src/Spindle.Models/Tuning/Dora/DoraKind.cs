namespace Spindle.Models.Tuning.Dora;

/// <summary>DoRA, by the name <c>dora</c>.</summary>
public sealed class DoraKind() : StrategyKind<DoraOptions>("dora", order: 50)
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(DoraOptions options) => new DoraStrategy(options);
}
