using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Spindle.Search.Execution;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle worker</c>: one process that runs a search's trials; <c>spindle search</c> starts it, and closes its standard input to end it.</summary>
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

    /// <summary>What starts a worker: this program itself, whether an executable, a single file, a .NET tool or an assembly that <c>dotnet</c> runs.</summary>
    public static ProcessStartInfo StartInfo(string store, string? tuned)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own program");
        var start = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, typeof(WorkerCommand).Assembly.GetName().Name + ".dll"));
        foreach (var argument in (string[])["worker", "--store", store, .. tuned is null ? [] : (string[])["--tuned", tuned]]) start.ArgumentList.Add(argument);
        return start;
    }

    private static int Run(string storeFile, string? tunedFolder)
    {
        // a terminal's interrupt reaches every process of the search; the driver alone answers it
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        var stop = WorkerProcess.StopWhenInputCloses(Console.In);
        StudyWorker.Run(storeFile, tunedFolder, stop);
        return ExitCodes.Done;
    }
}
