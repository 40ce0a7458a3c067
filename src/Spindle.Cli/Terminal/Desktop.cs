using System.ComponentModel;
using System.Diagnostics;

namespace Spindle.Cli.Terminal;

/// <summary>The desktop on which a user watches a command, with a browser.</summary>
/// <param name="system">The operating system.</param>
/// <param name="isRedirected">Whether the output goes to a file or a program, so that nobody watches.</param>
/// <param name="environment">A variable of the environment by its name, or null.</param>
/// <param name="start">Starts a program that opens an address: its exit code, or null where it still runs.</param>
internal sealed class Desktop(PlatformID system, bool isRedirected, Func<string, string?> environment, Func<ProcessStartInfo, int?> start)
{
    // a browser that starts anew may run in the place of the program that opens it
    private const int Patience = 1_000;

    // in another session, so that Ctrl-C ends the command and not the browser
    private const string Script = """if command -v setsid > /dev/null; then exec setsid xdg-open "$1" > /dev/null 2>&1 < /dev/null; fi; exec xdg-open "$1" > /dev/null 2>&1 < /dev/null""";

    /// <summary>That of this process.</summary>
    public static Desktop OfMachine { get; } = new(
        OperatingSystem.IsWindows() ? PlatformID.Win32NT : OperatingSystem.IsMacOS() ? PlatformID.MacOSX : PlatformID.Unix,
        Console.IsOutputRedirected,
        Environment.GetEnvironmentVariable,
        Run);

    /// <summary>Opens an address in the browser. Where nobody watches, or the machine has no desktop, nothing is done.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Why it could not be opened, in one sentence, or null.</returns>
    public string? Open(string address)
    {
        if (isRedirected || IsSet("CI") || Opener(address) is not { } opener) return null;
        try
        {
            return start(opener) is { } code and not 0 ? FormattableString.Invariant($"no browser was opened ({(system == PlatformID.Unix ? "xdg-open" : opener.FileName)} ended with code {code}); open the address yourself") : null;
        }
        catch (Exception missing) when (missing is Win32Exception or IOException or InvalidOperationException)
        {
            return $"no browser was opened ({missing.Message}); open the address yourself";
        }
    }

    private ProcessStartInfo? Opener(string address) => system switch
    {
        PlatformID.Win32NT => new(address) { UseShellExecute = true },
        PlatformID.MacOSX => new("open", [address]),
        _ => IsSet("DISPLAY") || IsSet("WAYLAND_DISPLAY") ? new("/bin/sh", ["-c", Script, "sh", address]) : null,
    };

    private bool IsSet(string name) => environment(name) is { Length: > 0 };

    private static int? Run(ProcessStartInfo opener)
    {
        using var process = Process.Start(opener);
        return process?.WaitForExit(Patience) == true ? process.ExitCode : null;
    }
}
