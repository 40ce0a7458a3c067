using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Finds workers that hang: they run a trial, but send no heartbeat. Only time in which this process itself was running counts, so that nobody is given up after the whole
/// machine slept.</summary>
/// <param name="limit">The time without a heartbeat after which a worker hangs.</param>
/// <param name="clock">Measures that time.</param>
internal sealed class Silence(TimeSpan limit, TimeProvider clock)
{
    private const int LooksPerLimit = 60;

    // a longer time between two looks means that this process was stopped
    private const int FewestLooksPerLimit = 10;

    private Dictionary<(long Trial, string? Worker), (DateTimeOffset? Heard, TimeSpan Silent)> known = [];
    private long looked = clock.GetTimestamp();

    /// <summary>The names of the workers that hang.</summary>
    /// <param name="running">Reads the running trials. It is not called each time.</param>
    public IReadOnlyList<string> Find(Func<IReadOnlyList<Trial>> running)
    {
        var passed = clock.GetElapsedTime(looked);
        if (passed < limit / LooksPerLimit) return [];
        looked = clock.GetTimestamp();
        if (passed > limit / FewestLooksPerLimit) passed = limit / FewestLooksPerLimit;
        known = running().ToDictionary(
            trial => (trial.Id, trial.Worker),
            trial => (trial.Heard, known.TryGetValue((trial.Id, trial.Worker), out var before) && before.Heard == trial.Heard ? before.Silent + passed : TimeSpan.Zero));
        return [.. known.Where(trial => trial.Value.Silent >= limit).Select(trial => trial.Key.Worker).OfType<string>().Distinct()];
    }
}
