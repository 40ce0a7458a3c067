using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Finds workers that hang: they give no sign of life. Only time in which this process itself was running counts, so that nobody is given up after the whole
/// machine slept.</summary>
/// <param name="limit">The time without a sign after which a worker hangs.</param>
/// <param name="clock">Measures that time.</param>
internal sealed class Silence(TimeSpan limit, TimeProvider clock)
{
    private const int LooksPerLimit = 60;

    // a longer time between two looks means that this process was stopped
    private const int FewestLooksPerLimit = 10;

    private Dictionary<(long Subject, string? Worker), (long Heard, TimeSpan Silent)> known = [];
    private long looked = clock.GetTimestamp();

    /// <summary>A sign of life.</summary>
    /// <param name="Subject">What the worker was doing: a new subject starts anew.</param>
    /// <param name="Worker">The worker's name.</param>
    /// <param name="Heard">A number that changes with every sign.</param>
    internal readonly record struct Sign(long Subject, string? Worker, long Heard);

    /// <summary>The names of the workers that run a trial, but send no heartbeat.</summary>
    /// <param name="running">Reads the running trials. It is not called each time.</param>
    public IReadOnlyList<string> Find(Func<IReadOnlyList<Trial>> running) =>
        FindBy(() => running().Select(trial => new Sign(trial.Id, trial.Worker, trial.Heard?.UtcTicks ?? 0)));

    /// <summary>The names of the workers whose last sign stays the same.</summary>
    /// <param name="signs">Reads the last sign of each worker. It is not called each time.</param>
    public IReadOnlyList<string> FindBy(Func<IEnumerable<Sign>> signs)
    {
        var passed = clock.GetElapsedTime(looked);
        if (passed < limit / LooksPerLimit) return [];
        looked = clock.GetTimestamp();
        if (passed > limit / FewestLooksPerLimit) passed = limit / FewestLooksPerLimit;
        known = signs().ToDictionary(
            sign => (sign.Subject, sign.Worker),
            sign => (sign.Heard, known.TryGetValue((sign.Subject, sign.Worker), out var before) && before.Heard == sign.Heard ? before.Silent + passed : TimeSpan.Zero));
        return [.. known.Where(sign => sign.Value.Silent >= limit).Select(sign => sign.Key.Worker).OfType<string>().Distinct()];
    }
}
