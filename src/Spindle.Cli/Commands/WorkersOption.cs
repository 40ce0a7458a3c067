using System.CommandLine;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--workers</c>: how many trials run in parallel.</summary>
internal static class WorkersOption
{
    public static Option<int?> Create() => new("--workers") { Description = "Number of trials that run in parallel; by default as many as make the search faster and fit in memory, by a short measurement. It does not change the results." };

    /// <summary>The number, or null for the default.</summary>
    /// <exception cref="InvalidDataException">The number is below 1.</exception>
    public static int? Read(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) is < 1 and { } few
        ? throw new InvalidDataException($"--workers {few}: must be at least 1")
        : parsed.GetValue(option);
}
