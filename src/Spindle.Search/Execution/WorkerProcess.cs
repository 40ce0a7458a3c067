namespace Spindle.Search.Execution;

/// <summary>The worker's side of <see cref="WorkerProcesses"/>: what a process that was started as a worker needs to know.</summary>
public static class WorkerProcess
{
    /// <summary>The environment variable by which a worker is told its name.</summary>
    public const string NameVariable = "SPINDLE_WORKER";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>The name of this worker: as it was told, or one of machine and process.</summary>
    public static string Name => Environment.GetEnvironmentVariable(NameVariable) is { Length: > 0 } name
        ? name
        : FormattableString.Invariant($"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>Cancels when the standard input closes: the driver is gone, or wants the worker to stop. A process that then does not end within twenty
    /// seconds is ended, so that no driver, however it died, leaves workers behind.</summary>
    /// <param name="input">The standard input; nothing that is written there means anything.</param>
    public static CancellationToken StopWhenInputCloses(TextReader input)
    {
        var stop = new CancellationTokenSource();
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
                // a broken pipe is a closed one
            }

            stop.Cancel();
            Thread.Sleep(Grace);
            Environment.Exit(130);
        })
        { IsBackground = true, Name = "watch of the standard input" }.Start();
        return stop.Token;
    }
}
