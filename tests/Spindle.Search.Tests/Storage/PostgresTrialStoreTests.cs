using System.Collections.Concurrent;
using System.Diagnostics;
using Spindle.Search.Storage;
using Spindle.Search.Storage.Postgres;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;
using Spindle.Tests.Postgres;

[assembly: AssemblyFixture(typeof(PrivatePostgres))]

namespace Spindle.Search.Tests.Storage;

public sealed class PostgresTrialStoreTests(PrivatePostgres server) : TrialStoreSuite
{
    private readonly ConcurrentDictionary<string, string> addresses = [];

    [Fact]
    public void Two_studies_share_a_database_in_schemas_of_their_own()
    {
        var database = server.NewDatabase();
        using var first = TrialStores.OpenOrCreate(database + "?schema=first");
        using var second = TrialStores.OpenOrCreate(database + "?schema=second-study");
        first.Register(Record("seed: 1"));
        second.Register(Record("seed: 2"));
        first.Add([Spec(0)]);
        second.Add([Spec(1), Spec(2)]);
        using var drivenFirst = first.LockForDriver();
        using var drivenSecond = second.LockForDriver();
        Assert.Equal([0], first.Trials().Select(trial => trial.Spec.Key.Sample));
        Assert.Equal(Spec(1), second.Claim("worker")!.Spec);
        Assert.Single(first.Trials(), trial => trial.State == TrialState.Pending);
        Assert.Contains("seed: 2", second.Study!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_the_same_moments_whatever_zone_the_server_is_in()
    {
        var database = server.NewDatabase();
        server.Query(new Uri(database).AbsolutePath.Trim('/'), "alter database " + new Uri(database).AbsolutePath.Trim('/') + " set timezone = 'Asia/Kathmandu'");
        using var store = TrialStores.OpenOrCreate(database);
        store.Add([Spec(0)]);
        Assert.True(store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 1)));
        store.Note("noted");
        var trial = store.Trials()[0];
        foreach (var time in (DateTimeOffset[])[trial.Added, trial.Started!.Value, trial.Heard!.Value, trial.Ended!.Value, store.Notes()[0].Time, store.Page(new()).Trials[0].Ended!.Value])
            Assert.InRange(time, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public void A_store_of_an_older_format_is_migrated_once_by_whoever_opens_it_first_and_keeps_its_trials()
    {
        var address = server.NewDatabase();
        using (var store = TrialStores.OpenOrCreate(address))
        {
            store.Add([Spec(0), Spec(1)]);
            store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 1));
        }

        // this column cannot be added twice
        string[] later = [.. PostgresSchema.Formats, "alter table trial add column machine text not null default 'unknown'; update trial set machine = 'old'"];
        Parallel.For(0, 6, _ =>
        {
            using var store = PostgresTrialStore.Connect(new(PostgresLocation.Parse(address)), creates: false, later);
            Assert.Equal([TrialState.Completed, TrialState.Pending], store.Trials().Select(trial => trial.State));
        });
        Assert.Equal("2", server.Query(new Uri(address).AbsolutePath.Trim('/'), "select version from spindle.spindle_format"));
        Assert.Equal("old|2", server.Query(new Uri(address).AbsolutePath.Trim('/'), "select machine, count(*) from spindle.trial group by machine"));
        Assert.Contains("is a store of format 2, but this version reads format 1", Refused<InvalidDataException>(() => TrialStores.Open(address)), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_processes_can_create_a_store_at_once()
    {
        var address = server.NewDatabase();
        Parallel.For(0, 6, number =>
        {
            using var store = TrialStores.OpenOrCreate(address);
            store.Add([Spec(number)]);
        });
        using var there = TrialStores.Open(address);
        Assert.Equal(Enumerable.Range(1, 6).Select(id => (long)id), there.Trials().Select(trial => trial.Id));
    }

    [Fact]
    public void What_is_not_a_store_is_refused_in_one_line_without_the_password()
    {
        var address = server.NewDatabase();
        var database = new Uri(address).AbsolutePath.Trim('/');
        Assert.Contains("the store does not exist; a search creates it", Refused<FileNotFoundException>(() => TrialStores.Open(address)), StringComparison.Ordinal);
        Assert.Contains("the server refuses the user 'spindle' or the password", Refused<UnauthorizedAccessException>(() => TrialStores.Open(server.Address(database, "wrong-secret"))), StringComparison.Ordinal);
        Assert.Contains("the database 'absent' does not exist on this server; create it", Refused<InvalidDataException>(() => TrialStores.Open(server.Address("absent"))), StringComparison.Ordinal);
        Assert.Contains("no PostgreSQL server answers there", Refused<InvalidDataException>(() => TrialStores.Open("postgres://spindle:secret@127.0.0.1:1/d")), StringComparison.Ordinal);
        Assert.Contains("the host 'no-such-host.invalid' is not known", Refused<InvalidDataException>(() => TrialStores.Open("postgres://spindle:secret@no-such-host.invalid/d")), StringComparison.Ordinal);
        server.Query(database, "create schema other; create table other.customer (id int)");
        Assert.Contains("the schema 'other' holds tables of another program", Refused<InvalidDataException>(() => TrialStores.OpenOrCreate(address + "?schema=other")), StringComparison.Ordinal);
        Assert.Equal("customer", server.Query(database, "select string_agg(relname, ',') from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'other' and relkind = 'r'"));
    }

    [Fact]
    public void The_name_of_a_store_is_its_address_without_the_password()
    {
        var address = server.NewDatabase() + "?schema=named";
        using var store = TrialStores.OpenOrCreate(address);
        Assert.DoesNotContain("cret", store.Name, StringComparison.Ordinal);
        Assert.True(TrialStores.IsSame(store.Name, address));
        Assert.Equal(store.Name, TrialStores.NameOf(address));
        var process = new ProcessStartInfo("x");
        TrialStores.PassPassword(address, process);
        Assert.Equal(PrivatePostgres.Password, process.Environment["PGPASSWORD"]);
    }

    [Fact]
    public void A_store_that_is_deleted_while_it_is_in_use_is_said_to_be()
    {
        var address = server.NewDatabase();
        using var store = TrialStores.OpenOrCreate(address);
        server.Query(new Uri(address).AbsolutePath.Trim('/'), "drop schema spindle cascade");
        Assert.Equal(store.Name, Assert.Throws<FileNotFoundException>(() => store.Claim("worker")).FileName);
    }

    [Fact]
    public void A_driver_holds_the_store_against_other_processes_until_its_connection_ends()
    {
        var address = server.NewDatabase();
        using var looking = TrialStores.OpenOrCreate(address);
        var driver = TrialStores.Open(address);
        _ = driver.LockForDriver();
        Assert.True(looking.IsDriven);
        Assert.Throws<SearchException>(() => looking.LockForDriver());
        // as if its process had been killed: nothing is released in order
        driver.Dispose();
        Assert.True(SpinWait.SpinUntil(() => !looking.IsDriven, TimeSpan.FromSeconds(10)));
        looking.LockForDriver().Dispose();
    }

    [Fact]
    public void A_driver_whose_connection_was_cut_keeps_the_store_and_ends_where_another_has_taken_it()
    {
        var address = server.NewDatabase();
        var database = new Uri(address).AbsolutePath.Trim('/');
        using var store = TrialStores.OpenOrCreate(address);
        using var driving = store.LockForDriver();
        Cut();
        Assert.Empty(store.Running());
        Assert.True(store.IsDriven);
        using var other = TrialStores.Open(address);
        Assert.Throws<SearchException>(() => other.LockForDriver());

        Cut("and pid in (select pid from pg_locks where locktype = 'advisory')");
        using var taken = other.LockForDriver();
        Assert.Contains("another search has started on this store since", Assert.Throws<SearchException>(() => store.Running()).Message, StringComparison.Ordinal);

        void Cut(string which = "") => server.Query("postgres", $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{database}' {which}");
    }

    [Fact]
    public void A_cost_of_a_claim_is_that_of_an_index_however_many_trials_have_ended()
    {
        var address = server.NewDatabase();
        var database = new Uri(address).AbsolutePath.Trim('/');
        using var store = TrialStores.OpenOrCreate(address);
        store.Add([Spec(0)]);
        server.Query(
            database,
            """
            set search_path = spindle;
            insert into trial (id, key, stage, option, given, sample, task, split, all_rows, plan, seed, epochs, keep_weights, keep_predictions, priority, state, added, end_order)
            select id, id, 'S1', 'option', '', id, 'task', 0, 0, 'full', 0, 3, 0, 0, 0, 2, now(), id from generate_series(2, 50000) as id;
            analyze trial
            """);
        var plan = server.Query(database, "set search_path = spindle; explain select id from trial where state = 0 order by priority, id limit 1 for update skip locked");
        Assert.Contains("trial_pending", plan, StringComparison.Ordinal);
        Assert.Equal(1, store.Claim("worker")!.Id);
        Assert.Null(store.Claim("worker"));
    }

    [Fact]
    public void Texts_that_the_database_refuses_are_kept_as_far_as_it_can()
    {
        using var store = New();
        store.Add([Spec(0)]);
        Assert.True(store.Fail(store.Claim("worker")!, "zero \0 and half \ud83d"));
        store.Note("zero \0");
        Assert.Equal("zero \ufffd and half \ufffd", store.Trials()[0].Failure);
        Assert.Equal("zero \ufffd", store.Notes()[0].Text);
    }

    [Theory]
    [InlineData("postgres://h", "names no database")]
    [InlineData("postgres://u:secret@h/d?schema=pg_x", "is not a name")]
    [InlineData("postgres://u:secret@h/d?schema=a%22b", "is not a name")]
    [InlineData("postgres://u:secret@h/d?sslmode=maybe", "'sslmode' or its value is not known")]
    [InlineData("postgres://u:secret@h:port/d", "cannot be read")]
    public void An_address_that_cannot_be_read_is_refused_without_the_password(string address, string why) =>
        Assert.Contains(why, Refused<InvalidDataException>(() => TrialStores.Open(address)), StringComparison.Ordinal);

    [Fact]
    public void Commands_lose_the_passwords_of_addresses() => Gen.String[Gen.Char.AlphaNumeric, 1, 12].Sample(password =>
        Assert.Equal("spindle search s.yaml --store=postgres://u@h:1/d?schema=x", TrialStores.WithoutPasswords($"spindle search s.yaml --store=postgres://u:{password}%40@h:1/d?schema=x")));

    protected override ITrialStore New()
    {
        var address = server.NewDatabase();
        var store = TrialStores.OpenOrCreate(address);
        addresses[store.Name] = address;
        return store;
    }

    protected override ITrialStore Another(ITrialStore store) => TrialStores.Open(addresses[store.Name]);

    private static string Refused<T>(Action open)
        where T : Exception
    {
        var message = Assert.Throws<T>(open).Message;
        Assert.DoesNotContain("cret", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
