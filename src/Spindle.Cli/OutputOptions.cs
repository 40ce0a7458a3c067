using System.CommandLine;
using Spindle.Cli.Terminal;

namespace Spindle.Cli;

/// <summary>The options that say how much a command tells: <c>--quiet</c>, <c>--verbose</c> and <c>--json</c>.</summary>
internal sealed class OutputOptions
{
    private readonly List<(OutputMode Mode, Option<bool> Option)> options;

    private OutputOptions(List<(OutputMode Mode, Option<bool> Option)> options) => this.options = options;

    /// <summary>Adds the options to a command, which then refuses more than one of them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="json">What its JSON objects are.</param>
    /// <param name="quiet">What it prints with <c>--quiet</c>.</param>
    /// <param name="verbose">What it says besides, or null if it has nothing more to say.</param>
    public static OutputOptions AddTo(Command command, string json, string? verbose = null, string quiet = "the last line of the result, and errors")
    {
        List<(OutputMode Mode, Option<bool> Option)> options =
        [
            (OutputMode.Quiet, new("--quiet") { Description = $"Prints only {quiet}." }),
            (OutputMode.Json, new("--json") { Description = $"Prints {json} on standard output (docs/reference/json-lines.md)." }),
        ];
        if (verbose is not null) options.Add((OutputMode.Verbose, new("--verbose") { Description = $"Also prints {verbose}." }));
        foreach (var (_, option) in options) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            string[] given = [.. options.Where(pair => result.GetValue(pair.Option)).Select(pair => pair.Option.Name)];
            if (given.Length > 1) result.AddError($"{string.Join(" and ", given)} exclude each other; leave one of them out.");
        });
        return new(options);
    }

    /// <summary>Adds the options to a command that searches.</summary>
    public static OutputOptions ForSearch(Command command) => AddTo(command, "the start, the progress, each trial as it ends and the result as one JSON object per line", "each trial as it ends, with its design, score and seconds");

    /// <summary>What the command prints through.</summary>
    public CommandOutput Read(ParseResult parsed) => new(options.Where(pair => parsed.GetValue(pair.Option)).Select(pair => pair.Mode).FirstOrDefault());
}
