using Spectre.Console;

namespace Spindle.Cli.Terminal;

/// <summary>The one place through which text leaves the program.</summary>
internal static class SafeOutput
{
    private static TextWriter raw = Console.Out;

    /// <summary>The standard output for rows that another program reads: unchanged where it is a file or a pipe.</summary>
    public static TextWriter Rows => Console.IsOutputRedirected ? raw : Console.Out;

    /// <summary>Makes everything visible that is written from now on. Called once, before anything is written.</summary>
    public static void Install()
    {
        raw = Console.Out;
        // these consoles keep the writers that they find, so that their own sequences reach the terminal
        AnsiConsole.Console = Plain(raw, Console.IsOutputRedirected);
        Error = Plain(Console.Error, Console.IsErrorRedirected);
        Console.SetOut(new VisibleWriter(raw));
        Console.SetError(new VisibleWriter(Console.Error));
    }

    /// <summary>The console on the standard error, for progress.</summary>
    public static IAnsiConsole Error { get; private set; } = AnsiConsole.Console;

    private static IAnsiConsole Plain(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer) });
        // a file or a pipe has no width at which text must wrap
        if (isRedirected) console.Profile.Width = 200;
        console.Pipeline.Attach(new VisibleRendering());
        return console;
    }
}
