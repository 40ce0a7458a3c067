using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Spindle.Search.Execution;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle worker</c>: a process that runs a search's trials. <c>spindle search</c> starts it, and ends it by closing its standard input.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var store = new Option<string>("--store") { Description = "The search's store.", Required = true };
        var tuned = new Option<string?>("--tuned") { Description = "The folder for the tuned weights." };
        var command = new Command("worker", "Runs trials of a search until its standard input closes.") { store, tuned };
        command.Hidden = true;
        command.SetAction(parsed => Run(parsed.GetRequiredValue(store), parsed.GetValue(tuned)));
        return command;
    }

    /// <summary>How to start a worker: with this program itself, be it an executable, a single file, a .NET tool or an assembly that <c>dotnet</c> runs.</summary>
    public static ProcessStartInfo StartInfo(string store, string? tuned) => StartInfo(["worker", "--store", store, .. tuned is null ? [] : (string[])["--tuned", tuned]]);

    /// <summary>How to start another command of this program.</summary>
    /// <param name="arguments">The command with its arguments.</param>
    public static ProcessStartInfo StartInfo(string[] arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("the path of the running program is unknown");
        var start = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, typeof(WorkerCommand).Assembly.GetName().Name + ".dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private static int Run(string storeFile, string? tunedFolder)
    {
        // Ctrl+C and the end of a terminal reach every process of the search; only the search itself handles them
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        var stop = WorkerProcess.StopWhenInputCloses(Console.In);
        StudyWorker.Run(storeFile, tunedFolder, stop);
        return ExitCodes.Done;
    }
}
