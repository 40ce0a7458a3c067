using System.CommandLine;
using Spindle.Designs;
using Spindle.Designs.Strategies;
using Spindle.Designs.Text;
using Spindle.Models.Tuning;
using Spindle.Yaml;

namespace Spindle.Cli.Commands;

/// <summary>Reads strategies from the command line.</summary>
internal static class Strategies
{
    public static Option<string?> Options() => new("--options")
    {
        Description = "Options of the strategies, as under 'strategies' in a study: \"{lora: {alpha: 16}, houlsby: {kind: adapter, placement: houlsby}}\".",
    };

    public static IReadOnlyDictionary<string, StrategyConfiguration> ReadOptions(string? text) => text is null
        ? new Dictionary<string, StrategyConfiguration>()
        : YamlSource.Parse(text, "--options").Mapping().Entries.ToDictionary(entry => entry.Key, entry => StrategyRegistry.Default.ReadConfiguration(entry.Key, entry.Value));

    public static StrategySet Read(string text, StrategyCosts costs)
    {
        string[] names = text.Split([',', '+'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0) throw new InvalidDataException($"--strategies is empty; name at least one of {string.Join(", ", costs.Names)}");
        if (names.FirstOrDefault(name => !costs.Contains(name)) is { } unknown)
            throw new InvalidDataException($"--strategies: unknown strategy '{unknown}'; "
                + (NearestName.Find(unknown, costs.Names) is { } nearest ? $"did you mean '{nearest}'?" : $"the strategies are {string.Join(", ", costs.Names)}"));
        return new(names);
    }
}
