using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Tests.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Execution;

public sealed class SilenceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Clock clock = new();

    [Fact]
    public void A_worker_hangs_after_the_limit_without_a_heartbeat_and_one_that_beats_does_not()
    {
        using var store = Claimed("silent", "alive");
        var silence = new Silence(Limit, clock);
        var alive = store.Claimed[1];
        for (var second = 0; second < 60; second++)
        {
            Assert.Empty(silence.Find(store.Store.Running));
            clock.Pass(TimeSpan.FromSeconds(1));
            Assert.True(store.Store.Heartbeat(alive, second));
        }

        Assert.Empty(silence.Find(store.Store.Running));
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(["silent"], silence.Find(store.Store.Running));
    }

    [Fact]
    public void A_trial_that_another_worker_claims_starts_anew()
    {
        using var store = Claimed("first");
        var silence = new Silence(Limit, clock);
        Pass(silence, store.Store, 40);
        Assert.True(store.Store.Release(store.Claimed[0]));
        store.Store.Claim("second");
        Assert.Empty(Pass(silence, store.Store, 40));
        Assert.Equal(["second"], Pass(silence, store.Store, 30));
    }

    [Fact]
    public void Time_in_which_the_driver_itself_was_stopped_does_not_count()
    {
        using var store = Claimed("worker");
        var silence = new Silence(Limit, clock);
        Pass(silence, store.Store, 10);
        clock.Pass(TimeSpan.FromHours(8));
        Assert.Empty(silence.Find(store.Store.Running));
        Assert.Empty(Pass(silence, store.Store, 30));
        Assert.Equal(["worker"], Pass(silence, store.Store, 30));
    }

    private IReadOnlyList<string> Pass(Silence silence, ITrialStore store, int seconds)
    {
        IReadOnlyList<string> found = [];
        for (var second = 0; second < seconds; second++)
        {
            clock.Pass(TimeSpan.FromSeconds(1));
            found = silence.Find(store.Running);
        }

        return found;
    }

    private static ClaimedStore Claimed(params string[] workers)
    {
        var store = new InMemoryTrialStore();
        store.Add([.. workers.Select((_, sample) => TrialStoreSuite.Spec(sample))]);
        return new(store, [.. workers.Select(worker => store.Claim(worker)!)]);
    }

    private sealed record ClaimedStore(InMemoryTrialStore Store, IReadOnlyList<ClaimedTrial> Claimed) : IDisposable
    {
        public void Dispose() => Store.Dispose();
    }

    private sealed class Clock : TimeProvider
    {
        private long now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Pass(TimeSpan time) => now += time.Ticks;
    }
}
