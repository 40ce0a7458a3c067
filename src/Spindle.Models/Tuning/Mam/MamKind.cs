using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.Parts;
using Spindle.Models.Tuning.Prefix;

namespace Spindle.Models.Tuning.Mam;

/// <summary>The mix-and-match adapter (He et al. 2022): a prefix and a scaled parallel adapter at the feed-forward part, with one common size, by the name <c>mam</c>.</summary>
public sealed class MamKind() : StrategyKind<MamOptions>("mam")
{
    /// <inheritdoc/>
    protected override ITuningStrategy Make(MamOptions options) => new CombinedStrategy("mam", "prefix length",
        (new PrefixStrategy(new() { Network = options.Network }), 1),
        (new AdapterStrategy(new() { Placement = AdapterPlacement.Parallel, Scaling = options.Scaling }), options.BottleneckPerPosition));

    /// <inheritdoc/>
    protected override MamOptions Stored(MamOptions options) => options with { Network = null };
}
