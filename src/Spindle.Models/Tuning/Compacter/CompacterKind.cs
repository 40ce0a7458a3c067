namespace Spindle.Models.Tuning.Compacter;

/// <summary>Compacter, by the name <c>compacter</c>.</summary>
public sealed class CompacterKind() : StrategyKind<CompacterOptions>("compacter")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(CompacterOptions options) => new CompacterStrategy(options);
}
