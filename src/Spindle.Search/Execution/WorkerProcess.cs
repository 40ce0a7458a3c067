using System.Runtime.InteropServices;

namespace Spindle.Search.Execution;

/// <summary>The worker's side of <see cref="WorkerProcesses"/>: for a process that was started as a worker.</summary>
public static class WorkerProcess
{
    /// <summary>The environment variable that holds the worker's name.</summary>
    public const string NameVariable = "SPINDLE_WORKER";

    /// <summary>The line that a worker writes to its standard output twice a second, with or without a trial.</summary>
    internal const string Alive = "spindle worker: alive";

    private static readonly TimeSpan BetweenSigns = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    // kept, because a registration that is collected ends
    private static PosixSignalRegistration? termination;

    /// <summary>The name of this worker: from the environment, or else made from the machine's name and the process id.</summary>
    public static string Name => Environment.GetEnvironmentVariable(NameVariable) is { Length: > 0 } name
        ? name
        : FormattableString.Invariant($"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>A name for a worker that no search started: unique among all machines, also where containers share names and process ids.</summary>
    public static string NewName => FormattableString.Invariant($"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}");

    /// <summary>Cancels when the standard input closes: the driver has died, or wants the worker to stop. Cancels also at SIGTERM. If the process does not end within twenty
    /// seconds after that, it is terminated, so that a driver that dies never leaves workers behind. From now on, the process also tells its driver that it is alive.</summary>
    /// <param name="input">The standard input. Its content is ignored.</param>
    public static CancellationToken StopWhenInputCloses(TextReader input)
    {
        var stop = new CancellationTokenSource();
        if (Environment.GetEnvironmentVariable(NameVariable) is { Length: > 0 }) new Thread(GiveSigns) { IsBackground = true, Name = "signs of life" }.Start();
        termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            new Thread(Stop) { IsBackground = true, Name = "stop after SIGTERM" }.Start();
        });
        new Thread(() =>
        {
            try
            {
                while (input.Read() >= 0)
                {
                }
            }
            catch (IOException)
            {
                // a broken pipe counts as closed
            }

            Stop();
        })
        { IsBackground = true, Name = "watch of the standard input" }.Start();
        return stop.Token;

        static void GiveSigns()
        {
            try
            {
                for (; ; Thread.Sleep(BetweenSigns)) Console.Out.WriteLine(Alive);
            }
            catch (IOException)
            {
                // the driver is gone, and the standard input closes
            }
        }

        void Stop()
        {
            stop.Cancel();
            Thread.Sleep(Grace);
            Environment.Exit(130);
        }
    }
}
