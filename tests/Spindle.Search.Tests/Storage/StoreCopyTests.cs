using System.Text.Json;
using Spindle.Metrics.Predictions;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;
using Spindle.Tests.Postgres;

namespace Spindle.Search.Tests.Storage;

public sealed class StoreCopyTests(PrivatePostgres server) : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_search_is_the_same_in_a_database_and_back_in_a_file()
    {
        var (file, database, back) = (scratch["first.db"], server.NewDatabase() + "?schema=moved", scratch[Path.Combine("deep", "back.db")]);
        using (var store = TrialStores.OpenOrCreate(file))
        {
            Search(store);
            store.Note("a note");
            store.Ask(asked => asked with { ExtraTime = TimeSpan.FromMinutes(5) });
            // another that has just begun, with its curve and predictions
            store.Add([TrialStoreSuite.Spec(0), TrialStoreSuite.Spec(1)]);
            var claim = store.Claim("worker")!;
            store.Heartbeat(claim, 8, [new(8, 0.5)]);
            store.Complete(claim, SyntheticRunner.Outcome(60, 1) with { Predictions = [new SplitPredictions.OfLabels("validation", ["accuracy"], [0, 1], [1, 1])] });
            store.Claim("still running");
        }

        var trials = StoreCopy.Run(file, database);
        Assert.Equal(trials, StoreCopy.Run(database, back));
        var texts = ((string[])[file, database, back]).Select(Text).ToArray();
        Assert.Contains("a note", texts[0], StringComparison.Ordinal);
        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(texts[0], texts[2]);
        // paths of a file start at its folder
        using var first = TrialStores.Open(file);
        using var last = TrialStores.Open(back);
        using var middle = TrialStores.Open(database);
        Assert.Equal(StoredPath.Full(file, first.Study!.Folder!), StoredPath.Full(back, last.Study!.Folder!));
        Assert.Equal(StoredPath.Full(file, first.Study!.Folder!), middle.Study!.Folder);
        Assert.Equal(TrialState.Pending, last.Trials()[^1].State);
        Assert.Equal(Times(first).Length, Times(last).Length);
        // PostgreSQL keeps microseconds
        Assert.All(Times(first).Zip(Times(last)), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
    }

    [Fact]
    public void A_copied_search_continues_where_it_stopped()
    {
        var (file, database) = (scratch["begun.db"], server.NewDatabase());
        using (var store = TrialStores.OpenOrCreate(file)) Assert.Throws<OperationCanceledException>(() => Search(store, trials: 7));
        StoreCopy.Run(file, database);
        using var whole = new InMemoryTrialStore();
        Search(whole);
        using var continued = TrialStores.Open(database);
        Assert.InRange(continued.EndedAfter(0).Count, 7, whole.Trials().Count - 1);
        Search(continued);
        Assert.Equal(StoreNumbers.Of(whole), StoreNumbers.Of(continued));
    }

    [Fact]
    public void A_target_that_holds_something_else_or_more_is_refused_and_unchanged()
    {
        var (file, database) = (scratch["one.db"], server.NewDatabase());
        using var target = TrialStores.OpenOrCreate(database);
        target.Register(TrialStoreSuiteRecord("seed: 43"));
        target.Add([TrialStoreSuite.Spec(0)]);
        using (var store = TrialStores.OpenOrCreate(file))
        {
            Assert.Contains("no search has been started", Assert.Throws<InvalidDataException>(() => StoreCopy.Run(file, database)).Message, StringComparison.Ordinal);
            store.Register(TrialStoreSuiteRecord("seed: 42"));
        }

        Assert.Contains("holds another study (synthetic)", Assert.Throws<InvalidDataException>(() => StoreCopy.Run(file, database)).Message, StringComparison.Ordinal);
        Assert.Contains("is the store itself", Assert.Throws<InvalidDataException>(() => StoreCopy.Run(file, file)).Message, StringComparison.Ordinal);
        Assert.Single(target.Trials());

        var same = scratch["same.db"];
        using (var store = TrialStores.OpenOrCreate(same)) store.Register(TrialStoreSuiteRecord("seed: 43"));
        target.Complete(target.Claim("worker")!, SyntheticRunner.Outcome(60, 1));
        Assert.Contains("has 1 finished trials that", Assert.Throws<InvalidDataException>(() => StoreCopy.Run(same, database)).Message, StringComparison.Ordinal);
        Assert.Equal(1, StoreCopy.Run(database, same));
        using (target.LockForDriver()) Assert.Contains("a search is running on this store", Assert.Throws<InvalidDataException>(() => StoreCopy.Run(database, same)).Message, StringComparison.Ordinal);
    }

    private static Spindle.Search.Studies.StudyRecord TrialStoreSuiteRecord(string text) => new(
        "synthetic", "study: synthetic\n" + text + "\n", "tiny", 100_000, 500, [new("left", 50), new("right", 0)], "exhaustive", 2, 3, 5, 2);

    private static void Search(ITrialStore store, int trials = int.MaxValue)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var left = trials;
        var study = SyntheticStudy.Of(seed: 3, strategies: ["lora"]) with { Folder = "studies" };
        var problem = SyntheticStudy.Problem(study);
        using var workers = new InProcessWorkers(new SyntheticRunner
        {
            Instead = _ =>
            {
                if (Interlocked.Decrement(ref left) < 0) stop.Cancel();
                return null;
            },
        });
        new SearchSession(problem, SearchPolicies.Create(problem), store, workers).Run(stop: stop.Token);
    }

    // everything that reports read; the folder differs, because it is seen from elsewhere, and times are compared apart
    private static string Text(string location)
    {
        using var store = TrialStores.Open(location);
        return JsonSerializer.Serialize(new
        {
            study = StoreText.Write(store.Study! with { Folder = null }),
            stages = store.Stages().Select(StoreText.Write),
            trials = store.Trials().Select(trial => StoreText.Write((trial.State == TrialState.Running ? trial with { State = TrialState.Pending, Worker = null } : trial) with { Added = default, Started = null, Heard = null, Ended = null })),
            predictions = StoreText.Write(store.Stages().Select(stage => stage.Name).Append("S1").Distinct().Select(stage => store.Predictions(stage).OrderBy(pair => pair.Key))),
            losses = store.Trials().Select(trial => store.Losses(trial.Id)),
            notes = store.Notes().Select(note => note.Text),
            control = store.Control(),
            leader = StudyResult.Of(store).Leader?.ToString(),
        });
    }

    private static double[] Times(ITrialStore store) =>
        [.. store.Trials().Where(trial => trial.IsFinished).SelectMany(trial => (DateTimeOffset[])[trial.Added, trial.Started!.Value, trial.Heard!.Value, trial.Ended!.Value]).Select(time => (time - DateTimeOffset.UnixEpoch).TotalSeconds)];
}
