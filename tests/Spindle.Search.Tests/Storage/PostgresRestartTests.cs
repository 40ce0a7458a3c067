using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Storage.Postgres;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;
using Spindle.Tests.Postgres;

namespace Spindle.Search.Tests.Storage;

/// <summary>Each test starts a server, and stops it while the store is in use.</summary>
public sealed class PostgresRestartTests
{
    [Fact]
    public async Task A_search_whose_database_restarts_five_times_ends_with_the_numbers_of_an_undisturbed_one()
    {
        PrivatePostgres.Require();
        using var server = new PrivatePostgres();
        var address = server.NewDatabase();
        var study = SyntheticStudy.Of(seed: 3, strategies: ["adapter", "lora"]);
        var problem = SyntheticStudy.Problem(study);
        using var store = TrialStores.OpenOrCreate(address);
        using var stop = new CancellationTokenSource();
        // each with its connection, as workers of other machines have it
        var workers = Enumerable.Range(0, 3).Select(number => Task.Run(() =>
        {
            using var own = TrialStores.Open(address);
            new IndependentWorker(new($"worker-{number}", own, new SyntheticRunner { Delay = TimeSpan.FromMilliseconds(10) }), own, TimeSpan.FromMinutes(1)).Run(stop.Token);
        }, TestContext.Current.CancellationToken)).ToArray();
        var restarts = Task.Run(() =>
        {
            for (var restart = 0; restart < 5; restart++)
            {
                Thread.Sleep(400);
                server.Stop(crashes: restart % 2 == 1);
                server.StartAgain();
            }
        }, TestContext.Current.CancellationToken);
        using var none = new WorkerProcesses(0, () => throw new InvalidOperationException("no worker is wanted"));
        new SearchSession(problem, SearchPolicies.Create(problem), store, none, new() { HasOtherWorkers = true }).Run(stop: TestContext.Current.CancellationToken);
        await restarts;
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        using var whole = new InMemoryTrialStore();
        using var undisturbed = new InProcessWorkers(new SyntheticRunner());
        new SearchSession(problem, SearchPolicies.Create(problem), whole, undisturbed).Run(stop: TestContext.Current.CancellationToken);
        Assert.Equal(StoreNumbers.Of(whole), StoreNumbers.Of(store));
        Assert.All(store.Trials(), trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    [Fact]
    public void A_server_that_does_not_come_back_ends_a_call_after_a_while_with_the_remedy()
    {
        PrivatePostgres.Require();
        using var server = new PrivatePostgres();
        using var store = PostgresTrialStore.Connect(new(PostgresLocation.Parse(server.NewDatabase())) { Patience = TimeSpan.FromSeconds(1) }, creates: true, PostgresSchema.Formats);
        server.Stop();
        Assert.Contains("the database has not answered for too long", Assert.Throws<IOException>(() => store.Running()).Message, StringComparison.Ordinal);
        server.StartAgain();
        Assert.Empty(store.Running());
    }
}
