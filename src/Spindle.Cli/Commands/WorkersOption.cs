using System.CommandLine;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--workers</c>: how many trials run in parallel.</summary>
internal static class WorkersOption
{
    /// <summary>Creates the option.</summary>
    /// <param name="more">What the description adds.</param>
    public static Option<int?> Create(string more = "") =>
        new("--workers") { Description = $"Number of trials that run in parallel; by default as many as make the search faster and fit in memory, by a short measurement. It does not change the results.{more}" };

    /// <summary>The number, or null for the default.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="least">The smallest number.</param>
    /// <exception cref="InvalidDataException">The number is below the smallest.</exception>
    public static int? Read(ParseResult parsed, Option<int?> option, int least = 1) => parsed.GetValue(option) is { } few && few < least
        ? throw new InvalidDataException($"--workers {few}: must be at least {least}")
        : parsed.GetValue(option);
}
