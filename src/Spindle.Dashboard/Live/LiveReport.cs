using System.Diagnostics;

namespace Spindle.Dashboard.Live;

/// <summary>The report of a store for a browser. It is computed when someone asks, one computation at a time, and kept until the store has changed.</summary>
internal sealed class LiveReport
{
    private readonly Lock gate = new();
    private readonly TimeSpan patience;
    private Task<string>? computing;
    private string? page, pageOf;
    private long computed;
    private TimeSpan duration;

    /// <param name="patience">How long someone who asks waits for a computation.</param>
    public LiveReport(TimeSpan patience) => this.patience = patience;

    /// <summary>The report, or null where it takes longer than the patience; it is then there later.</summary>
    /// <param name="version">What the store holds now: another text where it has changed.</param>
    /// <param name="compute">Computes the report. Whatever it throws is thrown to one who asks.</param>
    public async Task<string?> Read(string version, Func<string> compute)
    {
        Task<string> own;
        lock (gate)
        {
            // one that has just been computed is shown even if the store has changed meanwhile, so that a running search cannot keep it away for ever
            if (page is { } kept && (version == pageOf || Stopwatch.GetElapsedTime(computed) < duration)) return kept;
            own = computing is null or { IsCompletedSuccessfully: true } ? computing = Task.Run(() => Compute(version, compute)) : computing;
        }

        await Task.WhenAny(own, Task.Delay(patience));
        if (!own.IsCompleted) return null;
        lock (gate)
            if (computing == own)
                computing = null;
        return await own;
    }

    private string Compute(string version, Func<string> compute)
    {
        var clock = Stopwatch.StartNew();
        var written = compute();
        lock (gate) (page, pageOf, computed, duration) = (written, version, Stopwatch.GetTimestamp(), clock.Elapsed);
        return written;
    }
}
