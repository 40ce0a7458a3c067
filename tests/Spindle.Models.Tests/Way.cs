using Spindle.Designs;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.BitFit;
using Spindle.Models.Tuning.Dora;
using Spindle.Models.Tuning.Ia3;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Prefix;
using Spindle.Models.Tuning.Prompt;

namespace Spindle.Models.Tests;

/// <summary>A way to tune: the strategies by name with their options, and the design they make up.</summary>
internal sealed record Way(StrategyRegistry Registry, Func<int, Design> Design, bool StartsWithoutEffect = true, bool HasWholeGradient = true, bool IsGated = false)
{
    private static readonly Dictionary<string, Way> ByName = new(StringComparer.Ordinal)
    {
        ["adapter, pfeiffer"] = Everywhere(Paper, "adapter"),
        ["adapter, houlsby"] = Everywhere(Houlsby, "adapter"),
        ["adapter, parallel"] = Everywhere(Adapter(AdapterPlacement.Parallel), "adapter"),
        ["adapter, gelu, scaled"] = Everywhere(
            Paper.With(new AdapterStrategy(new() { Activation = AdapterActivation.Gelu, Scaling = 0.5 })), "adapter"),
        ["adapter, swish"] = Everywhere(Paper.With(new AdapterStrategy(new() { Activation = AdapterActivation.Swish })), "adapter"),
        ["prefix"] = Everywhere(Paper, "prefix") with { StartsWithoutEffect = false },
        ["prefix, network"] = Everywhere(Configured("prefix", "{network: 3}"), "prefix") with { StartsWithoutEffect = false },
        ["prefix, before the tokens"] = Everywhere(Paper.With(new PrefixStrategy(new() { Positions = PrefixPositions.Before, MaximumLength = 20 })), "prefix")
            with
        { StartsWithoutEffect = false },
        ["prefix, aligned"] = Everywhere(Configured("prefix", "{positions: aligned}"), "prefix") with { StartsWithoutEffect = false },
        ["prompt"] = Everywhere(Prompted, "prompt") with { StartsWithoutEffect = false },
        ["prompt+prefix+lora"] = Everywhere(Prompted, "prompt", "prefix", "lora") with { StartsWithoutEffect = false },
        ["bitfit"] = Everywhere(Paper, "bitfit"),
        ["bitfit, query and feed-forward"] = Everywhere(Paper.With(new BitFitStrategy(new() { Places = BitFitPlaces.QueryAndFeedForward })), "bitfit"),
        ["layer-norm"] = Everywhere(Paper, "layer-norm"),
        ["bitfit+layer-norm"] = Everywhere(Paper, "bitfit", "layer-norm"),
        ["ia3"] = Everywhere(Paper, "ia3"),
        ["ia3, before the activation"] = Everywhere(Paper.With(new Ia3Strategy(new()
        {
            Outputs = [LinearPlace.AttentionKey, LinearPlace.AttentionValue, LinearPlace.FeedForwardIn],
            Inputs = [],
        })), "ia3"),
        ["scale-shift"] = Everywhere(Paper, "scale-shift"),
        ["dora"] = Everywhere(Paper, "dora") with { HasWholeGradient = false },
        ["dora, gradient of the norm too"] = Everywhere(Paper.With(new DoraStrategy(new() { ConstantNorm = false })), "dora"),
        ["vera"] = Everywhere(Paper, "vera"),
        ["all of the linear maps'"] = Everywhere(Paper, "bitfit", "layer-norm", "lora", "dora", "vera", "ia3", "scale-shift") with { HasWholeGradient = false },
        ["lora"] = Everywhere(Paper, "lora"),
        ["lora, every linear map, alpha 3"] = Everywhere(LoraEverywhere, "lora"),
        ["adapter+lora"] = Everywhere(Paper, "adapter", "lora"),
        ["adapter+bitfit, houlsby"] = Everywhere(Houlsby, "adapter", "bitfit"),
        ["bitfit+lora"] = Everywhere(Paper, "bitfit", "lora"),
        ["compacter"] = Everywhere(Paper, "compacter"),
        ["compacter, pfeiffer, rank 2"] = Everywhere(Configured("compacter", "{placement: pfeiffer, rank: 2, dimension: 2, activation: swish}"), "compacter"),
        ["compacter, gated"] = Everywhere(Configured("compacter", "{gated: true}"), "compacter") with { IsGated = true },
        ["adapter, gated"] = Everywhere(Configured("adapter", "{gated: true}"), "adapter") with { IsGated = true },
        ["prefix, gated"] = Everywhere(Configured("prefix", "{gated: true}"), "prefix") with { StartsWithoutEffect = false, IsGated = true },
        ["lora, gated"] = Everywhere(Configured("lora", "{gated: true}"), "lora") with { IsGated = true },
        ["everything that can be, gated"] = Everywhere(
            Paper.Configure(new[] { "adapter", "compacter", "prefix", "lora", "dora", "vera", "ia3", "scale-shift" }.ToDictionary(name => name, _ => "{gated: true}")),
            "lora", "dora", "vera", "ia3", "scale-shift") with
        { IsGated = true, HasWholeGradient = false },
        ["unipelt"] = Everywhere(Paper, "unipelt") with { StartsWithoutEffect = false, IsGated = true },
        ["unipelt, network"] = Everywhere(Configured("unipelt", "{network: 2, bottleneck-per-rank: 2}"), "unipelt") with { StartsWithoutEffect = false, IsGated = true },
        ["mam"] = Everywhere(Configured("mam", "{bottleneck-per-position: 3}"), "mam") with { StartsWithoutEffect = false },
        ["all four"] = Everywhere(Paper, "adapter", "prefix", "bitfit", "lora") with { StartsWithoutEffect = false },
        ["a set for each group"] = new(Paper, layers => new(
            LayerGrouping.Custom([1, layers > 4 ? 2 : 1, 1, layers > 4 ? layers - 4 : 1]),
            Allocation.Of(AllocationPattern.Increasing, layers),
            new([new("bitfit"), StrategySet.Empty, new("adapter", "lora"), new("lora")]))),
    };

    private static StrategyRegistry Paper => StrategyRegistry.Default;

    private static StrategyRegistry Houlsby => Adapter(AdapterPlacement.Houlsby);

    private static StrategyRegistry LoraEverywhere => Paper.With(new LoraStrategy(new()
    {
        Alpha = 3,
        Places = Enum.GetValues<LinearPlace>(),
    }));

    // the tiny backbones have few positions
    private static StrategyRegistry Prompted => Paper.With(new PromptStrategy(new() { MaximumLength = 20 }));

    private static StrategyRegistry Configured(string name, string options) => Paper.Configure(new Dictionary<string, string> { [name] = options });

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static Way Of(string name) => ByName[name];

    private static StrategyRegistry Adapter(AdapterPlacement placement) => Paper.With(new AdapterStrategy(new() { Placement = placement }));

    private static Way Everywhere(StrategyRegistry registry, params string[] names) =>
        new(registry, layers => Designs.Design.Uniform(new(names), layers));
}
