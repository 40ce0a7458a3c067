using Spindle.Designs;
using Spindle.Designs.Strategies;
using Spindle.Designs.Text;

namespace Spindle.Cli.Commands;

/// <summary>Reads strategies of the command line.</summary>
internal static class Strategies
{
    public static StrategySet Read(string text, StrategyCosts costs)
    {
        string[] names = text.Split([',', '+'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0) throw new InvalidDataException($"--strategies names none; there are {string.Join(", ", costs.Names)}");
        if (names.FirstOrDefault(name => !costs.Contains(name)) is { } unknown)
            throw new InvalidDataException($"--strategies: unknown strategy '{unknown}'; "
                + (NearestName.Of(unknown, costs.Names) is { } nearest ? $"did you mean '{nearest}'?" : $"there are {string.Join(", ", costs.Names)}"));
        return new(names);
    }
}
