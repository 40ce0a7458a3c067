using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Storage;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;
using Spindle.Tests.Postgres;

namespace Spindle.Search.Tests.Execution;

public sealed class IndependentWorkerTests(PrivatePostgres server) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly SearchProblem Problem = SyntheticStudy.Problem(SyntheticStudy.Of(seed: 3, strategies: ["lora"]));

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_trial_of_a_worker_that_fell_silent_returns_and_the_search_ends_with_the_numbers_of_an_undisturbed_one(bool isFile)
    {
        var location = isFile ? scratch["silent.db"] : server.NewDatabase();
        using var store = TrialStores.OpenOrCreate(location);
        using var search = Search(store, TimeSpan.FromSeconds(2));
        // it claims a trial, and is heard no more
        using var vanishing = TrialStores.Open(location);
        ClaimedTrial? claim;
        while ((claim = vanishing.Claim("vanished")) is null) await Task.Delay(5, TestContext.Current.CancellationToken);
        var workers = Enumerable.Range(0, 2).Select(number => Task.Run(() => Work(location, $"worker-{number}", Patience, CancellationToken.None), TestContext.Current.CancellationToken)).ToArray();
        await search.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.All(await Task.WhenAll(workers).WaitAsync(Patience, TestContext.Current.CancellationToken), end => Assert.Equal(WorkerEnd.StudyEnded, end));

        var lost = store.Find(claim.Id)!;
        Assert.Equal((TrialState.Completed, 1), (lost.State, lost.Losses));
        Assert.Equal($"a worker died while running trial {claim.Spec.Key} (loss 1): it sent no heartbeat for 2 seconds", Assert.Single(store.Notes()).Text);
        Assert.False(vanishing.Complete(claim, SyntheticRunner.Outcome(1, 1)));
        using var whole = new InMemoryTrialStore();
        using var alone = new InProcessWorkers(new SyntheticRunner());
        new SearchSession(Problem, SearchPolicies.Create(Problem), whole, alone).Run(stop: TestContext.Current.CancellationToken);
        Assert.Equal(StoreNumbers.Of(whole), StoreNumbers.Of(store));
    }

    [Fact]
    public async Task A_search_that_starts_again_leaves_the_trials_of_workers_that_are_heard()
    {
        var location = server.NewDatabase();
        using var store = TrialStores.OpenOrCreate(location);
        using var other = TrialStores.Open(location);
        using (var first = Search(store, Patience))
            while (store.Count().Count == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        var claim = other.Claim("busy")!;
        using var again = Search(store, Patience);
        while (!other.IsDriven) await Task.Delay(5, TestContext.Current.CancellationToken);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.True(other.Heartbeat(claim, 5));
        Assert.True(other.Complete(claim, new SyntheticRunner().Run(new(claim.Spec.Key, claim.Spec.Plan), null, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Without_a_search_it_claims_nothing_and_ends_when_it_has_waited_long_enough_or_is_stopped()
    {
        var location = scratch["idle.db"];
        using var store = TrialStores.OpenOrCreate(location);
        store.Add([TrialStoreSuite.Spec(0)]);
        Assert.Equal(WorkerEnd.Idle, Work(location, "worker", TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.Equal(WorkerEnd.Stopped, Work(location, "worker", Patience, stop.Token));
        Assert.Equal(TrialState.Pending, store.Trials()[0].State);
    }

    private static WorkerEnd Work(string location, string name, TimeSpan idle, CancellationToken stop)
    {
        using var own = TrialStores.Open(location);
        return new IndependentWorker(new(name, own, new SyntheticRunner { Delay = TimeSpan.FromMilliseconds(5) }), own, idle).Run(stop);
    }

    private static Driver Search(ISharedTrialStore store, TimeSpan heartbeatTimeout) => new(store, heartbeatTimeout);

    // a search that runs no trial itself
    private sealed class Driver : IDisposable
    {
        private readonly CancellationTokenSource stop = new();

        public Driver(ISharedTrialStore store, TimeSpan heartbeatTimeout)
        {
            Ended = Task.Run(() =>
            {
                using var none = new WorkerProcesses(0, () => throw new InvalidOperationException("no worker is wanted")) { HeartbeatTimeout = heartbeatTimeout };
                new SearchSession(Problem, SearchPolicies.Create(Problem), store, none, new() { HasOtherWorkers = true }).Run(stop: stop.Token);
            });
        }

        public Task Ended { get; }

        public void Dispose()
        {
            stop.Cancel();
            ((IAsyncResult)Ended).AsyncWaitHandle.WaitOne(Patience);
            stop.Dispose();
        }
    }
}
