using System.Runtime.InteropServices;
using Spindle.Search.Execution;
using Spindle.Search.Results;

namespace Spindle.Cli;

/// <summary>Cancels a token on the first Ctrl+C, SIGTERM or SIGHUP, so that a command can stop in order. The second one ends the process at once, and so does the time limit for stopping.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The longest time for stopping in order: more than workers take that must be killed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(45);

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly Timer deadline;

    /// <summary>Handles signals until it is disposed.</summary>
    /// <param name="overdue">Called where the command does not stop in time.</param>
    public Interruption(Action overdue)
    {
        deadline = new(_ => overdue());
        registrations = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Says what a search that was stopped leaves behind.</summary>
    /// <param name="result">The result so far.</param>
    /// <param name="store">The file of the store.</param>
    /// <param name="folder">The search's tuned folder.</param>
    public static string Left(StudyResult result, string store, string folder) =>
        $"every finished trial is in {store}" + (result.Leader is { } leader ? $", and the best model so far ({leader}) in {Path.Combine(folder, TrialWeights.Best)}" : "");

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        deadline.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        // the default action of the second signal ends the process
        if (source.IsCancellationRequested) return;
        signal.Cancel = true;
        deadline.Change(Grace, Timeout.InfiniteTimeSpan);
        source.Cancel();
    }
}
