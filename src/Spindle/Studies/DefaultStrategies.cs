using Spindle.Models.Tuning;
using Spindle.Search.Policies;
using Spindle.Search.Studies;
using Spindle.Yaml;

namespace Spindle.Studies;

/// <summary>The strategies of a study that names none.</summary>
public static class DefaultStrategies
{
    /// <summary>The options of strategies that act in other places than the paper's, by the names of these variants: where a strategy acts matters at least as much as its size.</summary>
    public static IReadOnlyDictionary<string, string> Variants { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["lora-all"] = "{kind: lora, places: [attention-query, attention-key, attention-value, attention-output, feed-forward-in, feed-forward-out]}",
        ["parallel"] = "{kind: adapter, placement: parallel}",
    };

    /// <summary>The names of the strategies under a policy: the paper's four, and under <c>joint</c> the variants too. In the paper's stages each further strategy doubles the options of S4.</summary>
    /// <param name="policy">The policy's name.</param>
    public static IReadOnlyList<string> Of(string policy) => policy == JointPolicy.PolicyName ? [.. new SpaceSettings().Strategies, .. Variants.Keys] : new SpaceSettings().Strategies;

    /// <summary>The configuration of a variant.</summary>
    /// <param name="name">One of <see cref="Variants"/>.</param>
    /// <param name="strategies">The strategies that it is a variant of.</param>
    public static StrategyConfiguration Configuration(string name, StrategyRegistry strategies) => strategies.ReadConfiguration(name, YamlSource.Parse(Variants[name], name).Root);
}
