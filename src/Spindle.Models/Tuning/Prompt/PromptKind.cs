namespace Spindle.Models.Tuning.Prompt;

/// <summary>Prompt tuning, by the name <c>prompt</c>.</summary>
public sealed class PromptKind() : StrategyKind<PromptOptions>("prompt")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(PromptOptions options) => new PromptStrategy(options);
}
