using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Text;

namespace Spindle.Search.Explanations;

/// <summary>What was chosen for a training run.</summary>
/// <param name="Levels">The level of each factor but <see cref="Factor.Strategy"/>, in the factors' order.</param>
/// <param name="Shares">The share of the tuned layers in which each strategy is, above 0, by the strategy's name in ordinal order.</param>
public sealed record DesignChoices(IReadOnlyList<FactorLevel> Levels, IReadOnlyDictionary<string, double> Shares)
{
    private IReadOnlyList<StrategySet> TunedLayers { get; init; } = [];

    /// <summary>The choices of a design.</summary>
    /// <param name="design">The design.</param>
    /// <param name="rate">The learning rate, or null for the study's.</param>
    /// <param name="settings">The values of the settings that the study lists, or null.</param>
    public static DesignChoices Of(Design design, double? rate, string? settings)
    {
        StrategySet[] tuned = [.. design.LayerStrategies().Where(set => !set.IsEmpty)];
        return new(
            [
                new(Factor.Grouping, design.Grouping.Sizes.Count == 1 ? "one group" : KebabCase.From(design.Grouping.Pattern)),
                new(Factor.Allocation, KebabCase.From(design.Allocation.Pattern)),
                new(Factor.TunedGroups, Tuned(design)),
                new(Factor.LearningRate, rate is { } given ? given.ToString(CultureInfo.InvariantCulture) : "the study's"),
                new(Factor.Settings, settings ?? "none"),
            ],
            new OrderedDictionary<string, double>(tuned.SelectMany(set => set).GroupBy(name => name).OrderBy(strategy => strategy.Key, StringComparer.Ordinal)
                .Select(strategy => KeyValuePair.Create(strategy.Key, (double)strategy.Count() / tuned.Length))))
        {
            TunedLayers = tuned,
        };
    }

    /// <summary>The share of the tuned layers in which a strategy is.</summary>
    public double ShareOf(string strategy) => Shares.GetValueOrDefault(strategy);

    /// <summary>The share of the tuned layers in which two strategies are together.</summary>
    internal double ShareOf(string first, string second) => Shares.ContainsKey(first) && Shares.ContainsKey(second)
        ? (double)TunedLayers.Count(set => set.Contains(first) && set.Contains(second)) / TunedLayers.Count
        : 0;

    // where every layer is a group, hardly two designs tune the same ones
    private static string Tuned(Design design) => design.Grouping.Pattern == GroupingPattern.EveryLayer && design.Tunable.Indices.Count < design.Layers
        ? "some layers"
        : design.Tunable.ToString(design.Grouping.Sizes.Count);
}
