using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Spindle.Cli.Commands;
using Spindle.Data.Tasks;
using Spindle.Hub;
using Spindle.Models.Devices;

namespace Spindle.Cli;

/// <summary>The command's exit codes, and the line on standard error that goes with each of them except success.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 130;

    // faults of a path, as Unix numbers them: unlike a full disk, naming another path is the remedy
    private const int Exists = 17;
    private const int NotAFolder = 20;
    private const int IsAFolder = 21;
    private const int ReadOnly = 30;
    private const int TooManyLinks = 40;

    /// <summary>Runs the parsed command. Bad usage and bad input end with one line and no stack trace.</summary>
    public static async Task<int> Run(ParseResult parsed)
    {
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            // an option that does not exist was taken for an argument; what follows it is a consequence
            if (parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal)) is { } option)
                return Say($"there is no option '{option.Value}'. See 'spindle {Path(parsed.CommandResult)}--help'.", BadInput);
            // the error of the first unknown word, else the last: others are consequences of it. The name of a .NET type does not help a user
            var unknown = parsed.UnmatchedTokens.Count == 0 ? null : parsed.Errors.FirstOrDefault(error => error.Message.Contains($"'{parsed.UnmatchedTokens[0]}'", StringComparison.Ordinal));
            var message = (unknown ?? parsed.Errors[^1]).Message.Split(" as expected type", 2)[0];
            return Say($"{string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.')}. "
                + $"See 'spindle {Path(parsed.CommandResult)}--help'.", BadInput);
        }
        try
        {
            // the parser's own signal handling throws at a second signal, and cuts off a command that takes more than its time limit to stop
            LibtorchFolder.Use();
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            if (parsed.Action is not AsynchronousCommandLineAction) return await parsed.InvokeAsync(configuration);
            using var interruption = new Interruption(() => Environment.Exit(Say($"interrupted; it did not stop within {Interruption.Grace.TotalSeconds:0} seconds and was ended", Interrupted)));
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return Say("interrupted; run the same command again to start over or resume", Interrupted);
        }
        catch (DirectoryNotFoundException error) when ((error as NotDownloadedException ?? error.InnerException) is NotDownloadedException missing)
        {
            return Say($"{error.Message}; to download it, run: spindle {(missing.Content == HubContent.Backbone ? "backbones" : "data")} download {missing.Name}", BadInput);
        }
        catch (InvalidDataException error) when (error.InnerException is UnknownTaskException && parsed.CommandResult.Command.Options.Any(option => option.Name == OwnTasksOption.Name))
        {
            return Say($"{error.Message}; for a task of your own, name the study file that describes it with {OwnTasksOption.Name}", BadInput);
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            return Say(PathFault.Of(error) ?? error.Message, BadInput);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or PathTooLongException or IOException { HResult: Exists or NotAFolder or IsAFolder or ReadOnly or TooManyLinks })
        {
            // the system's own messages name the path, but no remedy
            return Say(PathFault.Of(error) is { } fault ? fault : error.Message.Contains(';', StringComparison.Ordinal) ? error.Message : $"{error.Message.TrimEnd('.')}; name another path, or change its permissions", BadInput);
        }
        catch (HubException error)
        {
            return Say(error.Message, Failed);
        }
        catch (Exception error) when (Environment.GetEnvironmentVariable("SPINDLE_DEBUG") is null)
        {
            return Say($"{error.Message} (set SPINDLE_DEBUG=1 for the stack trace)", Failed);
        }
    }

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"spindle: {message.ReplaceLineEndings(" ")}");
        return code;
    }

    private static string Path(CommandResult command) =>
        string.Concat(command.Command.Name is var name && command.Parent is CommandResult parent ? Path(parent) + name + " " : "");
}
