using System.Collections.Concurrent;
using System.Diagnostics;
using Spindle.Search.Storage;
using Spindle.Search.Tests.Synthetic;
using Spindle.Tests.Postgres;

namespace Spindle.Search.Tests.Storage;

public sealed class PostgresClaimRateTests(PrivatePostgres server, ITestOutputHelper output)
{
    private const int Workers = 64;
    private const int Trials = 5000;

    // far apart from what a growing cost would make of a thousand times as many trials
    private const double MostGrowth = 3;

    [Fact(Explicit = true)]
    public void The_rate_of_claims_of_64_workers_does_not_fall_from_a_thousand_to_a_million_ended_trials()
    {
        var few = Rate(ended: 1000);
        var many = Rate(ended: 1_000_000);
        output.WriteLine($"{few:0} claims and ends per second after 1,000 trials, {many:0} after 1,000,000");
        Assert.True(many > few / MostGrowth, $"{few:0} per second after 1,000 trials, {many:0} after 1,000,000");
    }

    private double Rate(int ended)
    {
        var address = server.NewDatabase();
        var database = new Uri(address).AbsolutePath.Trim('/');
        using var store = TrialStores.OpenOrCreate(address);
        server.Query(
            database,
            $"""
            set search_path = spindle;
            insert into trial (id, key, stage, option, given, sample, task, split, all_rows, plan, seed, epochs, keep_weights, keep_predictions, priority, state, added, end_order)
            select id, id, 'S0', 'option', '', id, 'task', 0, 0, 'full', 0, 3, 0, 0, 0, 2, now(), id from generate_series(1, {ended}) as id
            """);
        server.Query(database, "vacuum analyze spindle.trial");
        store.Add([.. Enumerable.Range(0, Trials).Select(sample => TrialStoreSuite.Spec(sample))]);
        var claimed = new ConcurrentBag<long>();
        using var begin = new Barrier(Workers + 1);
        var threads = Enumerable.Range(0, Workers).Select(number => new Thread(() =>
        {
            using var own = TrialStores.Open(address);
            begin.SignalAndWait();
            while (own.Claim($"worker-{number}") is { } claim)
            {
                claimed.Add(claim.Id);
                Assert.True(own.Complete(claim, SyntheticRunner.Outcome(50, 1)));
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        begin.SignalAndWait();
        var clock = Stopwatch.StartNew();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(Trials, claimed.Distinct().Count());
        Assert.Equal(Trials, claimed.Count);
        return Trials / clock.Elapsed.TotalSeconds;
    }
}
