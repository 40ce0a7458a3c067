using Spindle.Designs.Strategies;
using Spindle.Yaml;

namespace Spindle.Search.Studies;

/// <summary>One combination of the values that a study lists for settings other than the learning rate.</summary>
/// <param name="Values">The value of each listed setting, those of training first.</param>
public sealed record SettingCombination(IReadOnlyList<ListedValue> Values)
{
    /// <summary>Whether it has the study's own values, which are tried first.</summary>
    public bool IsBase { get; init; }

    /// <summary>What the epochs of a training run are multiplied by, above 0.</summary>
    public double EpochFactor { get; init; } = 1;

    /// <summary>The costs of the strategies with the combination's options, or null for those of the study's.</summary>
    public StrategyCosts? Costs { get; init; }

    /// <summary>The values that concern a side in one line of YAML, without braces; null if there are none.</summary>
    /// <param name="strategies">The strategies that the side trains.</param>
    public string? TextFor(IReadOnlyCollection<string> strategies)
    {
        string[] parts =
        [
            .. Values.Where(value => value.Strategy is null).Select(value => $"{value.Name}: {value.Value}"),
            .. Values.Where(value => value.Strategy is not null && strategies.Contains(value.Strategy)).GroupBy(value => value.Strategy)
                .Select(strategy => $"{YamlText.Format(strategy.Key!)}: {{{string.Join(", ", strategy.Select(value => $"{value.Name}: {value.Value}"))}}}"),
        ];
        return parts.Length == 0 ? null : string.Join(", ", parts);
    }
}

/// <summary>One of the values that a study lists for a setting.</summary>
/// <param name="Strategy">The strategy whose option it is, or null for a setting of training.</param>
/// <param name="Name">The setting's key.</param>
/// <param name="Value">The value in YAML.</param>
public sealed record ListedValue(string? Strategy, string Name, string Value);
