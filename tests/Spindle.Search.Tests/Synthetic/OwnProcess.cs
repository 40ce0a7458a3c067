using System.Diagnostics;
using System.Runtime.CompilerServices;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>Lets this test program start itself as a worker or a driver of a synthetic search, in a process that can be killed.</summary>
internal static class OwnProcess
{
    private const string Role = "SPINDLE_TEST_ROLE";
    private const string Store = "SPINDLE_TEST_STORE";
    private const string Mood = "SPINDLE_TEST_MOOD";

    /// <summary>Starts a worker (<c>worker</c>) or a driver with two workers (<c>driver</c>) on a store.</summary>
    /// <param name="role">Which.</param>
    /// <param name="store">The store's file.</param>
    /// <param name="mood"><c>deadly</c>: the worker dies at one trial; <c>stillborn</c>: it dies at once; <c>stopping</c>: it stops at one trial, the first time that it runs; <c>stopping-idle</c>: the first worker stops before it claims a trial.</param>
    public static ProcessStartInfo Start(string role, string store, string mood = "")
    {
        var info = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(OwnProcess).Assembly.GetName().Name!));
        info.Environment[Role] = role;
        info.Environment[Store] = store;
        info.Environment[Mood] = mood;
        return info;
    }

    /// <summary>The study that drivers search.</summary>
    public static SearchStudy Study => SyntheticStudy.Of(seed: 3, strategies: ["adapter", "lora"]);

    /// <summary>Whether this trial is the one at which deadly workers die.</summary>
    public static bool IsDeadly(TrialKey key) => key is { Stage: "S1", Option: "spindle", Sample: 1, Task: "left" };

    // runs ahead of the test program's own start
    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Role) is not { Length: > 0 } role) return;
        var path = Environment.GetEnvironmentVariable(Store)!;
        var mood = Environment.GetEnvironmentVariable(Mood)!;
        try
        {
            if (role == "worker") Work(path, mood);
            else Drive(path);
            Environment.Exit(0);
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine(failure.Message);
            Environment.Exit(1);
        }
    }

    private static void Work(string path, string mood)
    {
        if (mood == "stillborn") throw new InvalidOperationException("libtorch is nowhere to be found");
        File.WriteAllText(FormattableString.Invariant($"{path}.{Environment.ProcessId}.pid"), "");
        using var store = SqliteTrialStore.Open(path);
        var runner = new SyntheticRunner
        {
            Delay = TimeSpan.FromMilliseconds(mood == "" ? 4 : 0),
            Instead = request =>
            {
                if (mood is not ("deadly" or "stopping")) return null;
                var running = store.Trials("S1").FirstOrDefault(trial => trial.Spec.Key.Seed == request.Key.Seed && trial.State == TrialState.Running);
                if (running is null || !IsDeadly(running.Spec.Key)) return null;
                if (mood == "deadly") Process.GetCurrentProcess().Kill();
                else if (running.Losses == 0) SignalItself("-STOP");
                return null;
            },
        };
        var stop = WorkerProcess.StopWhenInputCloses(Console.In);
        if (mood == "stopping-idle" && Directory.GetFiles(Path.GetDirectoryName(path)!, "*.pid").Length == 1)
        {
            // it says that it is alive before it stops
            Thread.Sleep(TimeSpan.FromSeconds(1));
            SignalItself("-STOP");
        }

        new Worker(WorkerProcess.Name, store, runner).Run(stop);
    }

    private static void SignalItself(string signal)
    {
        using var kill = Process.Start("kill", [signal, FormattableString.Invariant($"{Environment.ProcessId}")]);
        kill.WaitForExit();
        // a stopped process waits here for as long as it is stopped
        Thread.Sleep(TimeSpan.FromSeconds(1));
    }

    private static void Drive(string path)
    {
        using var store = SqliteTrialStore.OpenOrCreate(path);
        using var workers = new WorkerProcesses(2, () => Start("worker", path));
        var problem = SyntheticStudy.Problem(Study);
        new SearchSession(problem, SearchPolicies.Create(problem), store, workers).Run();
    }
}
