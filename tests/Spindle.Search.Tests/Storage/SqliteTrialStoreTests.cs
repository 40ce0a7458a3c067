using Dapper;
using Microsoft.Data.Sqlite;
using Spindle.Metrics.Predictions;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Storage;

public sealed class SqliteTrialStoreTests : TrialStoreSuite, IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_symbolic_link_to_a_store_shares_its_lock()
    {
        var link = scratch["link.db"];
        using var store = SqliteTrialStore.OpenOrCreate(scratch["real.db"]);
        File.CreateSymbolicLink(link, scratch["real.db"]);
        using var linked = SqliteTrialStore.Open(link);
        using (store.LockForDriver()) Assert.Throws<SearchException>(() => linked.LockForDriver());
        linked.LockForDriver().Dispose();
    }

    [Fact]
    public async Task Whoever_looks_whether_a_search_runs_keeps_none_from_starting()
    {
        using var store = SqliteTrialStore.OpenOrCreate(scratch["looked.db"]);
        Assert.False(store.IsDriven);
        using var looking = new CancellationTokenSource();
        var looks = Task.Run(() =>
        {
            while (!looking.IsCancellationRequested) _ = store.IsDriven;
        }, TestContext.Current.CancellationToken);
        for (var times = 0; times < 100; times++)
            using (store.LockForDriver())
                Assert.True(store.IsDriven);
        await looking.CancelAsync();
        await looks;
        Assert.False(store.IsDriven);
    }

    [Fact]
    public void What_one_object_wrote_another_reads()
    {
        var path = scratch["kept.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path))
        {
            store.Register(Record("seed: 42"));
            store.Add([Spec(0), Spec(1)]);
            store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 3));
            store.Claim("killed");
        }

        using var again = SqliteTrialStore.Open(path);
        Assert.Equal("synthetic", again.Study!.Name);
        Assert.Equal([TrialState.Completed, TrialState.Running], again.Trials().Select(trial => trial.State));
        Assert.Equal(1, again.ReleaseAll());
        Assert.Equal(Spec(1), again.Claim("worker")!.Spec);
    }

    [Fact]
    public void A_store_that_is_not_there_is_not_made_by_a_reader()
    {
        var path = scratch["absent.db"];
        Assert.Throws<FileNotFoundException>(() => SqliteTrialStore.Open(path));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_store_that_is_deleted_while_it_is_open_is_reported_by_the_next_call()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a file that is open");
        var path = scratch["deleted.db"];
        using var store = SqliteTrialStore.OpenOrCreate(path);
        store.Register(Record("seed: 42"));
        File.Delete(path);
        Assert.Contains("was deleted", Assert.Throws<FileNotFoundException>(() => store.Add([Spec(0)])).Message, StringComparison.Ordinal);
        Assert.Contains("was deleted", Assert.Throws<FileNotFoundException>(() => store.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_another_file_replaces_while_it_is_open_is_reported_by_the_next_call()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a file that is open");
        var (path, other) = (scratch["replaced.db"], scratch["other.db"]);
        using var store = SqliteTrialStore.OpenOrCreate(path);
        store.Register(Record("seed: 42"));
        using (var second = SqliteTrialStore.OpenOrCreate(other)) second.Register(Record("seed: 42"));
        File.Move(path, scratch["kept.db"]);
        File.Move(other, path);
        var refused = Assert.Throws<FileNotFoundException>(() => store.Add([Spec(0)]));
        Assert.Contains("was replaced by another file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(path, refused.FileName);
        File.Move(scratch["kept.db"], path, overwrite: true);
        Assert.Equal(1, store.Add([Spec(0)]));
    }

    [Fact]
    public void A_missing_folder_is_made() => SqliteTrialStore.OpenOrCreate(scratch[Path.Combine("some", "where", "x.db")]).Dispose();

    [Fact]
    public void A_file_that_is_not_a_database_gives_one_line()
    {
        var path = scratch["text.db"];
        File.WriteAllText(path, string.Concat(Enumerable.Repeat("this is a story about spindles. ", 500)));
        Refused(() => SqliteTrialStore.OpenOrCreate(path), path);
        Refused(() => SqliteTrialStore.Open(path), path);
    }

    [Fact]
    public void Another_programs_database_is_left_alone()
    {
        var path = scratch["foreign.db"];
        Run(path, "create table mine (x); insert into mine values (1)");
        Refused(() => SqliteTrialStore.OpenOrCreate(path), path);
        Assert.Equal(1, Run(path, "select count(*) from sqlite_master"));
    }

    [Fact]
    public void A_store_of_a_later_format_is_refused()
    {
        var path = scratch["later.db"];
        SqliteTrialStore.OpenOrCreate(path).Dispose();
        Run(path, "pragma user_version = 99");
        Assert.Contains("format 99", Refused(() => SqliteTrialStore.Open(path), path), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_predictions_give_one_line()
    {
        var path = scratch["predictions.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path))
        {
            store.Add([Spec(0)]);
            SplitPredictions kept = new SplitPredictions.OfLabels("validation", ["accuracy"], [1], [1]);
            store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 1) with { Predictions = [kept] });
        }
        foreach (var splits in (string[])["{", "null", "[null]", "[{\"$type\":\"pictures\"}]", "[{\"$type\":\"labels\",\"split\":\"x\"}]",
            "[{\"$type\":\"labels\",\"split\":\"x\",\"metrics\":[\"accuracy\"],\"labels\":[1],\"predictions\":[]}]",
            "[{\"$type\":\"labels\",\"split\":\"x\",\"metrics\":[\"bleu\"],\"labels\":[1],\"predictions\":[1]}]",
            "[{\"$type\":\"texts\",\"split\":\"x\",\"metrics\":[],\"references\":[\"a\"],\"written\":[\"a\"]}]"])
        {
            Run(path, $"update prediction set splits = '{splits}'");
            using var store = SqliteTrialStore.Open(path);
            var message = Assert.Throws<InvalidDataException>(() => store.Predictions(Spec(0).Key.Stage)).Message;
            Assert.Contains($"{path}: predictions of trial 1", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Theory]
    [InlineData("update trial set plan = 'grouping: round'")]
    [InlineData("update trial set plan = 'grouping: spindle'")]
    [InlineData("update trial set solution = '{'")]
    [InlineData("update trial set solution = 'null'")]
    [InlineData("update trial set solution = '{\"budget\":1}'")]
    [InlineData("update trial set state = 77")]
    [InlineData("update trial set seed = 99999999999")]
    [InlineData("update trial set added = 'yesterday'")]
    [InlineData("drop table trial")]
    public void A_record_that_makes_no_sense_gives_one_line(string damage)
    {
        var path = scratch["damaged.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path)) store.Add([Spec(0)]);
        Run(path, damage);
        using var damaged = SqliteTrialStore.Open(path);
        Refused(() => damaged.Trials(), path);
    }

    [Theory]
    [InlineData("update trial set example_steps = 9223372036854775807", "the number of its rows is 9223372036854775807")]
    [InlineData("update trial set seconds = 1e300", "it took 1E+300 seconds")]
    [InlineData("update trial set score = 9e999", "its score is Infinity")]
    [InlineData("update trial set score = 1e308", "its score is 1E+308")]
    [InlineData("update trial set score = null", "it is completed, but has no score")]
    [InlineData("update trial set validation = -9e999", "its validation score is -Infinity")]
    [InlineData("update trial set metrics = null", "it is completed, but has no score")]
    [InlineData("update trial set metrics = '{\"accuracy\":\"high\"}'", "a value is not of the kind that belongs there at accuracy")]
    [InlineData("update trial set end_order = null", "not its place in the order of ends")]
    [InlineData("update trial set trained = -1", "the number of its trained parameters is -1")]
    [InlineData("update trial set learning_rate = -9e999", "its learning rate is -Infinity")]
    [InlineData("update trial set solution = '{\"layers\":[{\"layer\":0,\"strategies\":[{\"name\":\"lora\",\"size\":1,\"parameters\":9223372036854775807}]}]}'", "the size of 'lora' is out of range")]
    [InlineData("update study set record = json_set(record, '$.tasks[0]', null)", "study: the record is damaged (a task is null)")]
    [InlineData("update study set record = json_set(record, '$.tasks[0].chance', 1e308)", "the score of guessing on task 'left' is 1E+308")]
    [InlineData("update study set record = json_set(record, '$.name', null)", "a value is null")]
    [InlineData("update study set record = json_remove(record, '$.policy')", "it has no 'policy'")]
    [InlineData("update stage set record = json_set(record, '$.options[0]', null)", "stage: the record is damaged (an option is null)")]
    [InlineData("update stage set record = json_set(record, '$.options[0].role', 9)", "the role of an option is unknown")]
    [InlineData("update stage set record = json_set(record, '$.options[0].reused', json('[null]'))", "a reused design is null")]
    [InlineData("update stage set record = json_set(record, '$.options[0].dropped', json('{\"designs\":2,\"probability\":7}'))", "when an option was dropped is unknown")]
    [InlineData("update stage set record = json_set(record, '$.race', json('{\"end\":9,\"probability\":null}'))", "how a stage ended is unknown")]
    [InlineData("update prediction set splits = json_set(splits, '$[0].predictions[0]', 1e308)", "a label or prediction is infinite")]
    public void An_edited_cell_is_refused_with_the_store_what_is_wrong_and_a_remedy(string edit, string what)
    {
        var path = scratch["edited.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path))
        {
            var problem = SyntheticStudy.Problem(SyntheticStudy.Of());
            store.Register(StudyRecord.Of(problem, "exhaustive"));
            store.Add([Spec(0)]);
            store.SaveStages([new(Spec(0).Key.Stage, true, [new(Spec(0).Key.Option, "", true, 1, 0, 0, null)], false, null)]);
            SplitPredictions kept = new SplitPredictions.OfLabels("validation", ["accuracy"], [1], [1]);
            store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 1) with { Predictions = [kept] });
        }

        Run(path, edit);
        using var edited = SqliteTrialStore.Open(path);
        var message = Refused(() => { _ = edited.Study; _ = edited.Stages(); _ = edited.Trials(); _ = edited.Predictions(Spec(0).Key.Stage); }, path);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains("restore a copy of the store", message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Spindle.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_overwritten_anywhere_never_give_more_than_one_line()
    {
        var path = scratch["whole.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path))
        {
            store.Register(Record("seed: 42"));
            store.Add([.. Enumerable.Range(0, 30).Select(sample => Spec(sample))]);
        }

        var whole = File.ReadAllBytes(path);
        var random = new Random(5);
        var refused = 0;
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var bytes = whole.ToArray();
            var start = random.Next(bytes.Length - 400);
            random.NextBytes(bytes.AsSpan(start, random.Next(1, 400)));
            var torn = scratch[FormattableString.Invariant($"torn{attempt}.db")];
            File.WriteAllBytes(torn, attempt % 3 == 0 ? bytes[..start] : bytes);
            try
            {
                using var store = SqliteTrialStore.Open(torn);
                _ = store.Study;
                _ = store.Stages();
                _ = store.Trials();
                _ = store.Claim("worker");
            }
            catch (Exception wrong) when (wrong is InvalidDataException or IOException)
            {
                Assert.DoesNotContain('\n', wrong.Message);
                refused++;
            }
        }

        Assert.True(refused > 20, $"{refused} of 60 damaged stores were refused");
    }

    protected override ITrialStore New() => SqliteTrialStore.OpenOrCreate(scratch[Guid.NewGuid().ToString("N") + ".db"]);

    protected override ITrialStore Another(ITrialStore store) => SqliteTrialStore.Open(store.Name);

    private static string Refused(Action open, string path)
    {
        var message = Assert.Throws<InvalidDataException>(open).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static long Run(string path, string command)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        return connection.ExecuteScalar<long?>(command) ?? 0;
    }
}
