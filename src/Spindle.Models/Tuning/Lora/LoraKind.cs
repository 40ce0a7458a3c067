namespace Spindle.Models.Tuning.Lora;

/// <summary>LoRA, by the name <c>lora</c>.</summary>
public sealed class LoraKind() : StrategyKind<LoraOptions>("lora")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(LoraOptions options) => new LoraStrategy(options);
}
