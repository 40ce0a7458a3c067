using System.Diagnostics;

namespace Spindle.Cli.Tests;

/// <summary>Runs the command as a user does: as a process.</summary>
internal static class SpindleProcess
{
    public static ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "spindle.exe" : "spindle"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    public static Task<(int Code, string Output, string Errors)> Run(string? input, params string[] arguments) => Run(Start(arguments), input);

    /// <summary>Runs the command in a folder.</summary>
    public static Task<(int Code, string Output, string Errors)> RunIn(string folder, params string[] arguments)
    {
        var start = Start(arguments);
        start.WorkingDirectory = folder;
        return Run(start, null);
    }

    private static async Task<(int Code, string Output, string Errors)> Run(ProcessStartInfo start, string? input)
    {
        using var process = Process.Start(start)!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
