using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Parts;
using Spindle.Models.Tuning.Prefix;

namespace Spindle.Models.Tuning.Unipelt;

/// <summary>UniPELT (Mao et al. 2022): a gated prefix, adapter and LoRA with one common size, by the name <c>unipelt</c>.</summary>
public sealed class UnipeltKind() : StrategyKind<UnipeltOptions>("unipelt")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(UnipeltOptions options) => new CombinedStrategy("unipelt", "rank",
        (new PrefixStrategy(new() { Network = options.Network, Gated = true }), options.PrefixPerRank),
        (new AdapterStrategy(new() { Gated = true }), options.BottleneckPerRank),
        (new LoraStrategy(new() { Gated = true }), 1));

    /// <inheritdoc/>
    protected override UnipeltOptions Stored(UnipeltOptions options) => options with { Network = null };
}
