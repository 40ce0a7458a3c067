using System.Diagnostics;
using Spindle.Cli.Tests;

namespace Spindle.Browser.Tests;

/// <summary>Commands that run beside the tests, as processes, and end with them.</summary>
internal sealed class BackgroundCommands : IAsyncDisposable
{
    private readonly List<Process> processes = [];

    /// <summary>Starts a search, whose output nobody reads.</summary>
    /// <param name="arguments">What follows <c>spindle search</c>.</param>
    public Process Search(params string[] arguments)
    {
        var process = Begin(["search", .. arguments]);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Starts a dashboard.</summary>
    /// <param name="store">The store.</param>
    /// <returns>Its address.</returns>
    public async Task<string> Dashboard(string store) => (await Begin(["dashboard", store, "--port", "0"]).StandardOutput.ReadLineAsync())!.Split(' ')[^1];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private Process Begin(string[] arguments)
    {
        var process = Process.Start(SpindleProcess.Start(arguments))!;
        processes.Add(process);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
