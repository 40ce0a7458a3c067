using System.Runtime.InteropServices;

namespace Spindle.Cli;

/// <summary>Cancels a token on the first Ctrl+C or SIGTERM, so that a command can stop in order. The second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    public Interruption() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        // the default action of the second signal ends the process
        if (source.IsCancellationRequested) return;
        signal.Cancel = true;
        source.Cancel();
    }
}
