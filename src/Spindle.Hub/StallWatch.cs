namespace Spindle.Hub;

/// <summary>Stops a request that makes no progress.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly TimeSpan timeout;
    private readonly int bytes;
    private int received;

    /// <param name="settings">The time without progress, and the bytes that count as some.</param>
    /// <param name="stop">Stops the request for another reason.</param>
    public StallWatch(HubSettings settings, CancellationToken stop)
    {
        (timeout, bytes) = (settings.StallTimeout, settings.SlowestTransfer);
        source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        source.CancelAfter(timeout);
    }

    /// <summary>Stops the request.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The error for a request that was stopped.</summary>
    public IOException Error() => new(FormattableString.Invariant($"less than {bytes} bytes arrived within {timeout.TotalSeconds:0.#} seconds"));

    /// <summary>Counts what arrived.</summary>
    public void Arrived(int count)
    {
        received += count;
        if (received < bytes) return;
        received = 0;
        source.CancelAfter(timeout);
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
