using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Spindle.Models.Devices;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle worker</c>: a process that runs a search's trials. A search starts its own, and ends them by closing their standard input; any number of others can be started on any machine.</summary>
internal static class WorkerCommand
{
    private const string ForSearch = "--for-search";

    private static readonly TimeSpan IdleTimeout = new IndependentWorkerOptions().IdleTimeout;

    public static Command Create()
    {
        var store = new Argument<string>("store") { Description = "The search's store: a file, or a PostgreSQL database as postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME." };
        var tuned = new Option<string?>("--tuned") { Description = "The search's folder for the tuned weights, where this machine sees it elsewhere than the search does." };
        var idle = new Option<string?>("--idle-timeout") { Description = $"The time without a trial, such as 30s or 2h, after which it ends; {DurationText.Format(IdleTimeout)} by default. Waiting for a search to start counts too." };
        var device = DeviceOption.Create("the study's by default");
        var forSearch = new Option<bool>(ForSearch) { Description = "Ends when the standard input closes.", Hidden = true };
        var command = new Command("worker",
            "Runs trials of the searches on a store, on this machine or another one, until the study ends. Start as many as there is room for. On SIGTERM or Ctrl-C it keeps where its trial stands, and gives the trial back to the others.\n\n"
            + "Examples:\n  spindle worker studies/quickstart.db\n  spindle worker \"postgres://spindle@db.example/search?schema=quickstart\" --idle-timeout 1h")
        {
            store, tuned, idle, device, forSearch,
        };
        command.SetAction((parsed, stop) => Task.FromResult(parsed.GetValue(forSearch)
            ? Serve(parsed.GetRequiredValue(store), parsed.GetValue(tuned))
            : Run(parsed.GetRequiredValue(store), parsed.GetValue(tuned), parsed.GetValue(idle), DeviceOption.Read(parsed, device), stop)));
        return command;
    }

    /// <summary>How to start a worker of a search: with this program itself, be it an executable, a single file, a .NET tool or an assembly that <c>dotnet</c> runs.</summary>
    public static ProcessStartInfo StartInfo(string store, string? tuned) => StartInfo(["worker", store, ForSearch, .. tuned is null ? [] : (string[])["--tuned", tuned]]);

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

    private static int Run(string store, string? tuned, string? idle, DeviceChoice? device, CancellationToken stop)
    {
        var name = TrialStores.NameOf(store);
        var options = new IndependentWorkerOptions
        {
            TunedFolder = tuned,
            IdleTimeout = idle is null ? IdleTimeout : OptionValues.IdleTimeout(idle),
            Device = device,
            Waiting = () => Console.Error.WriteLine($"waiting for a search on {name}"),
            Started = worker => Console.Error.WriteLine($"worker {worker} runs trials of {name}"),
        };
        var end = StudyWorker.RunIndependently(store, options, stop);
        Console.Error.WriteLine(end switch
        {
            WorkerEnd.StudyEnded => "the study has ended",
            WorkerEnd.Idle => $"no trial came for {DurationText.Format(options.IdleTimeout)}",
            _ => "stopped; the trial that was running was given back",
        });
        return end == WorkerEnd.Stopped ? ExitCodes.Interrupted : ExitCodes.Done;
    }

    private static int Serve(string store, string? tunedFolder)
    {
        // Ctrl+C and the end of a terminal reach every process of the search; only the search itself handles them
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        var stop = WorkerProcess.StopWhenInputCloses(Console.In);
        StudyWorker.Run(store, tunedFolder, stop);
        return ExitCodes.Done;
    }
}
