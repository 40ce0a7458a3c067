using System.Data;
using System.Text;
using Dapper;
using Npgsql;
using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage.Postgres;

/// <summary>A store in a schema of a PostgreSQL database, shared by the processes of several machines. Several studies can use one database, each with its schema. Calls wait for a while
/// where the server restarts or the network is cut. All times are those of the server's clock.</summary>
internal sealed class PostgresTrialStore : ICopiedStore
{
    private const string Columns = $"""
        {TrialRow.Values}, to_char(added at time zone 'UTC', {TimeForm}) as Added, to_char(started at time zone 'UTC', {TimeForm}) as Started,
        to_char(heard at time zone 'UTC', {TimeForm}) as Heard, to_char(ended at time zone 'UTC', {TimeForm}) as Ended
        """;

    // as .NET's round-trip format has it
    private const string TimeForm = """'YYYY-MM-DD"T"HH24:MI:SS.US"0+00:00"'""";

    private const string IsNotPaused = "not exists (select 1 from control where paused <> 0)";

    // in one transaction with EndsInOrder, so numbers are unique, and whoever sees one sees all before it
    private const string TakeEndOrder = "end_order = (select coalesce(max(end_order), 0) + 1 from trial)";
    private const string EndsInOrder = "select set_config('synchronous_commit', 'on', true) from pg_advisory_xact_lock(@ends);";
    private const string Lasts = "select set_config('synchronous_commit', 'on', true)";

    private static readonly TrialPageQuery Pages = new("trial", "ilike", $"to_char(ended at time zone 'UTC', {TimeForm})", " collate \"C\"");

    private static readonly string CopiedTrial = TrialRow.Insertion("key, ", "@Key, ", "::timestamptz");

    private readonly PostgresSession session;
    private readonly long ends, additions;

    private PostgresTrialStore(PostgresSession session)
    {
        this.session = session;
        (ends, additions) = (session.Location.LockNumber("ends"), session.Location.LockNumber("additions"));
    }

    /// <inheritdoc/>
    public string Name => session.Location.ToString();

    /// <inheritdoc/>
    public StudyRecord? Study => session.Do(StudyText) is { } text ? StoreText.Read<StudyRecord>(text, $"{Name}: study", StoredFault.Of) : null;

    /// <inheritdoc/>
    public bool IsDriven => session.IsDriven();

    /// <summary>Opens an existing store.</summary>
    /// <param name="location">The address.</param>
    /// <exception cref="FileNotFoundException">The store does not exist.</exception>
    /// <exception cref="InvalidDataException">The address is wrong, no server answers, or the schema is not a store.</exception>
    /// <exception cref="UnauthorizedAccessException">The server refuses the user.</exception>
    public static PostgresTrialStore Open(string location) => Connect(new(PostgresLocation.Parse(location)), creates: false, PostgresSchema.Formats);

    /// <summary>Opens a store. Creates it, with its schema, if it does not exist.</summary>
    /// <param name="location">The address. Its database must exist.</param>
    /// <exception cref="InvalidDataException">The address is wrong, no server answers, or the schema is not a store.</exception>
    /// <exception cref="UnauthorizedAccessException">The server refuses the user.</exception>
    public static PostgresTrialStore OpenOrCreate(string location) => Connect(new(PostgresLocation.Parse(location)), creates: true, PostgresSchema.Formats);

    /// <summary>Opens a store on a session.</summary>
    /// <param name="session">A session that has not been opened. The store disposes it.</param>
    /// <param name="creates">Whether a store that does not exist is created.</param>
    /// <param name="formats">What each format adds, see <see cref="PostgresSchema.Formats"/>.</param>
    internal static PostgresTrialStore Connect(PostgresSession session, bool creates, IReadOnlyList<string> formats)
    {
        try
        {
            session.Open(connection => PostgresSchema.Ensure(connection, session.Location, creates, formats));
            return new(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IDisposable LockForDriver() => session.TryDrive() ? new Driving(session) : throw new SearchException($"{Name}: another search is running on this store; wait for it, or stop it");

    /// <inheritdoc/>
    public void Register(StudyRecord study) => InTransaction(connection =>
    {
        var record = study;
        if (StudyText(connection) is { } text)
        {
            var there = StoreText.Read<StudyRecord>(text, $"{Name}: study", StoredFault.Of);
            StoreErrors.RequireSame(Name, there, study);
            record = study.Continuing(there);
        }

        return connection.Execute("insert into study (id, record) values (1, @text) on conflict (id) do update set record = excluded.record", new { text = StoreText.Write(record) });
    });

    /// <inheritdoc/>
    public IReadOnlyList<StageRecord> Stages() => session.Do(connection => connection
        .Query<string>("select record from stage order by position")
        .Select(text => StoreText.Read<StageRecord>(text, $"{Name}: stage", StoredFault.Of))
        .ToArray());

    /// <inheritdoc/>
    public void SaveStages(IReadOnlyList<StageRecord> stages) => InTransaction(connection =>
    {
        connection.Execute("delete from stage");
        return connection.Execute(
            "insert into stage (name, decided, record) values (@Name, @decided, @text)",
            stages.Select(stage => new { stage.Name, decided = stage.IsDecided ? 1L : 0, text = StoreText.Write(stage) }));
    });

    /// <inheritdoc/>
    public int Add(IReadOnlyList<TrialSpec> trials)
    {
        var fresh = new OrderedDictionary<TrialKey, TrialSpec>();
        foreach (var spec in trials)
            if (!fresh.TryAdd(spec.Key, spec) && !StoredPlan.IsSameDesign(fresh[spec.Key].Plan, spec.Plan)) throw StoreErrors.OtherTrial(Name, spec.Key);
        TrialSpec[] specs = [.. fresh.Values];
        string[] keys = [.. specs.Select(spec => StoredKey.Of(spec.Key))], plans = [.. specs.Select(spec => StoredPlan.DesignText(spec.Plan))];
        return InTransaction(connection =>
        {
            connection.Execute("select pg_advisory_xact_lock(@additions)", new { additions });
            var other = connection.QueryFirstOrDefault<string?>("select added.key from unnest(@keys, @plans) as added (key, plan) join trial using (key) where trial.plan <> added.plan limit 1", new { keys, plans });
            if (other is not null) throw StoreErrors.OtherTrial(Name, specs[Array.IndexOf(keys, other)].Key);
            return connection.Execute(
                """
                insert into trial (id, key, stage, option, given, sample, task, training_rows, learning_rate, split, all_rows, averaged_runs, settings, plan, solution, trained, seed, epochs, keep_weights, keep_predictions, priority, state, added)
                select (select coalesce(max(id), 0) from trial) + row_number() over (order by place), key, stage, option, given, sample, task, training_rows, learning_rate, split, all_rows, averaged_runs, settings, plan, solution, trained, seed, epochs, keep_weights, keep_predictions, priority, 0, now()
                from unnest(@keys, @stages, @options, @givens, @samples, @tasks, @rows, @rates, @splits, @all, @runs, @settings, @plans, @solutions, @trained, @seeds, @epochs, @weights, @predictions, @priorities) with ordinality
                    as added (key, stage, option, given, sample, task, training_rows, learning_rate, split, all_rows, averaged_runs, settings, plan, solution, trained, seed, epochs, keep_weights, keep_predictions, priority, place)
                where not exists (select 1 from trial where trial.key = added.key)
                """,
                new
                {
                    keys,
                    stages = Of(spec => spec.Key.Stage),
                    options = Of(spec => spec.Key.Option),
                    givens = Of(spec => spec.Key.Given),
                    samples = Of(spec => (long)spec.Key.Sample),
                    tasks = Of(spec => spec.Key.Task),
                    rows = Of(spec => (long?)spec.Key.TrainingRows),
                    rates = Of(spec => spec.Key.LearningRate),
                    splits = Of(spec => (long)spec.Key.Split),
                    all = Of(spec => spec.Key.UsesAllRows ? 1L : 0),
                    runs = Of(spec => (long?)spec.Key.AveragedRuns),
                    settings = Of(spec => spec.Key.Settings),
                    plans,
                    solutions = Of(spec => StoredPlan.SizesText(spec.Plan)),
                    trained = Of(spec => spec.Plan.Trained),
                    seeds = Of(spec => (long)spec.Key.Seed),
                    epochs = Of(spec => (long)spec.Key.Epochs),
                    weights = Of(spec => spec.KeepsWeights ? 1L : 0),
                    predictions = Of(spec => spec.KeepsPredictions ? 1L : 0),
                    priorities = Of(spec => (long)spec.Priority),
                });
        });

        T[] Of<T>(Func<TrialSpec, T> part) => [.. specs.Select(part)];
    }

    /// <inheritdoc/>
    public int RemovePendingExcept(IReadOnlySet<TrialKey> requested) => InTransaction(connection =>
    {
        // nobody may claim one meanwhile
        var removed = connection.Query<TrialRow>($"select {Columns} from trial where state = 0 for update").Where(row => !requested.Contains(row.Key(Name))).Select(row => row.Id).ToArray();
        return connection.Execute("delete from trial where id = any(@removed)", new { removed });
    });

    /// <inheritdoc/>
    public ClaimedTrial? Claim(string worker)
    {
        var token = Guid.NewGuid().ToString("N");
        var row = session.Do((connection, isRepeated) =>
            // the answer to the first try may have been lost, and then the trial is claimed already
            (isRepeated ? connection.QuerySingleOrDefault<TrialRow>($"select {Columns} from trial where state = 1 and token = @token", new { token }) : null)
            ?? connection.QuerySingleOrDefault<TrialRow>(
                $"""
                with claimed as (
                    update trial set state = 1, token = @token, worker = @worker, started = now(), heard = now(), examples = 0, epoch_scores = null
                    where id = (select id from trial where state = 0 and {IsNotPaused} order by priority, id limit 1 for update skip locked)
                    returning *),
                cleared as (delete from loss using claimed where loss.trial = claimed.id)
                select {Columns} from claimed
                """,
                new { token, worker = Stored(worker) }));
        return row is null ? null : new ClaimedTrial(row.Id, row.Spec(Name), token);
    }

    /// <inheritdoc/>
    public bool Heartbeat(ClaimedTrial claim, long examples, IReadOnlyList<LossPoint>? losses = null, IReadOnlyList<double>? epochScores = null)
    {
        var points = losses is null ? null : StoreText.Write(losses);
        var scores = epochScores is null ? null : StoreText.Write(epochScores);
        return session.Do(connection => connection.ExecuteScalar<long>(
            """
            with beating as (
                update trial set heard = clock_timestamp(), examples = @examples, epoch_scores = coalesce(@scores, epoch_scores) where id = @Id and state = 1 and token = @Token returning id),
            curve as (insert into loss (trial, points) select id, @points from beating where @points::text is not null on conflict (trial) do update set points = excluded.points)
            select count(*) from beating
            """,
            new { claim.Id, claim.Token, examples, scores, points })) == 1;
    }

    /// <inheritdoc/>
    public bool Complete(ClaimedTrial claim, TrialOutcome outcome)
    {
        var (state, kept) = StoredOutcome.Classify(outcome);
        return End(
            claim,
            """
            state = @state, score = @score, validation = @validation, test = @test, metrics = @metrics, epoch_scores = @epochScores, trained = @trained,
            head_parameters = @head, example_steps = @steps, seconds = @seconds, milliseconds_per_row = @speed, scoring_batch = @batch, remaining_parameters = @remaining, failure = @failure, diverged = @diverged, unsaved = @unsaved
            """,
            new
            {
                state = (long)state,
                score = kept.Score,
                validation = Finite(kept.Validation),
                test = Finite(kept.Test),
                metrics = StoreText.Write(kept.Metrics),
                epochScores = StoreText.Write(kept.EpochScores),
                trained = kept.Trained,
                head = kept.HeadParameters,
                steps = kept.ExampleSteps,
                seconds = Finite(kept.Seconds) ?? 0,
                speed = Finite(kept.MillisecondsPerRow),
                batch = (long?)kept.ScoringBatch,
                remaining = kept.RemainingParameters,
                failure = Stored(kept.Failure),
                diverged = Stored(kept.Diverged),
                unsaved = Stored(kept.Unsaved),
            },
            kept.Predictions.Count > 0 ? StoreText.Write(kept.Predictions) : null);
    }

    /// <inheritdoc/>
    public bool Fail(ClaimedTrial claim, string failure) => End(claim, "state = 4, failure = @failure", new { failure = Stored(failure) }, null);

    /// <inheritdoc/>
    public bool Release(ClaimedTrial claim) =>
        session.Do(connection => connection.Execute($"update trial set {TrialRow.PutBack} where id = @Id and state = 1 and token = @Token", new { claim.Id, claim.Token })) == 1;

    /// <inheritdoc/>
    public int ReleaseAll() => session.Do(connection => connection.Execute($"update trial set {TrialRow.PutBack} where state = 1"));

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Lose(string worker, int mostLosses, string failure) => InTransaction(connection =>
    {
        connection.Execute(EndsInOrder, new { ends });
        var lost = connection.Query<long>("select id from trial where state = 1 and worker = @worker order by id for update", new { worker = Stored(worker) }).ToArray();
        foreach (var id in lost)
        {
            var gone = connection.Execute(
                $"update trial set state = 4, token = null, failure = @failure, ended = now(), {TakeEndOrder}, losses = losses + 1 where id = @id and losses >= @mostLosses",
                new { id, mostLosses, failure = Stored(failure) });
            if (gone == 0) connection.Execute($"update trial set {TrialRow.PutBack}, losses = losses + 1 where id = @id", new { id });
        }

        return ReadTrials(connection, "where id = any(@lost) order by id", new { lost });
    });

    /// <inheritdoc/>
    public int Retry(string stage, string option) => session.Do(connection => connection.Execute(
        $"update trial set {TrialRow.PutBack}, losses = 0 where state = 4 and stage = @stage and option = @option", new { stage, option }));

    /// <inheritdoc/>
    public bool Retry(long id) => session.Do(connection => connection.ExecuteScalar<long>(
        $"""
        with released as (
            update trial set {TrialRow.PutBack}, losses = 0, score = null, validation = null, test = null, metrics = null, unsaved = null, diverged = null where id = @id and state >= 2 returning id),
        cleared as (delete from prediction using released where prediction.trial = released.id)
        select count(*) from released
        """,
        new { id })) == 1;

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Trials(string? stage = null) =>
        session.Do(connection => stage is null ? ReadTrials(connection, "order by id") : ReadTrials(connection, "where stage = @stage order by id", new { stage }));

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Running() => session.Do(connection => ReadTrials(connection, "where state = 1 order by id"));

    /// <inheritdoc/>
    public IReadOnlyList<Trial> EndedAfter(long order) => session.Do(connection => ReadTrials(connection, "where end_order > @order order by end_order", new { order }));

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, IReadOnlyList<SplitPredictions>> Predictions(string stage) => session.Do(connection => connection
        .Query<(long Trial, string Splits)>("select trial, splits from prediction join trial on trial.id = prediction.trial where stage = @stage order by trial", new { stage })
        .ToDictionary(row => row.Trial, row => StoreText.ReadAll<SplitPredictions>(row.Splits, FormattableString.Invariant($"{Name}: predictions of trial {row.Trial}"), StoredFault.Of)));

    /// <inheritdoc/>
    public IReadOnlyList<OptionCount> Count() => session.Do(connection => connection
        .Query<CountRow>(
            """
            select stage as Stage, option as Option, given as Given, count(*) as Trials, count(*) filter (where state = 1) as Running, count(*) filter (where state >= 2) as Finished, count(*) filter (where state = 4) as Failed,
                coalesce(sum(score), 0) as Points, sum(coalesce(example_steps, examples))::bigint as Examples,
                coalesce(sum(epochs) filter (where state >= 2), 0)::bigint as WorkDone, sum(epochs)::bigint as Work
            from trial group by stage, option, given order by min(id)
            """)
        .Select(row => row.Count)
        .ToArray());

    /// <inheritdoc/>
    public IReadOnlyList<LossPoint> Losses(long id) => session.Do(connection => connection.ExecuteScalar<string?>("select points from loss where trial = @id", new { id })) is { } points
        ? StoreText.ReadAll<LossPoint>(points, FormattableString.Invariant($"{Name}: losses of trial {id}"), StoredFault.Of)
        : [];

    /// <inheritdoc/>
    public SearchControl Control() => session.Do(connection => StoredControl.Read(connection, Name));

    /// <inheritdoc/>
    public SearchControl Ask(Func<SearchControl, SearchControl> change) => InTransaction(connection =>
    {
        // a row to lock, so that of two changes the second sees the first
        connection.Execute("insert into control (id, paused, stopped, extra_seconds) values (1, 0, 0, 0) on conflict do nothing; select 1 from control for update");
        var asked = change(StoredControl.Read(connection, Name));
        StoredControl.Write(connection, asked);
        return asked;
    });

    /// <inheritdoc/>
    public void Note(string text) => session.Do(connection => connection.Execute("insert into note (time, text) values (now(), @text) on conflict do nothing", new { text = Stored(text) }));

    /// <inheritdoc/>
    public IReadOnlyList<StoreNote> Notes() => session.Do(connection => connection
        .Query<(DateTime Time, string Text)>("select time, text from note order by id")
        .Select(row => new StoreNote(new(row.Time.ToUniversalTime()), row.Text))
        .ToArray());

    /// <inheritdoc/>
    public TrialPage Page(TrialFilter filter) => session.Do(connection =>
    {
        using var view = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        return Pages.Read(view, filter);
    });

    /// <inheritdoc/>
    public Trial? Find(long id) => session.Do(connection => ReadTrials(connection, "where id = @id", new { id })) is [var found] ? found : null;

    /// <inheritdoc/>
    public IReadOnlyList<Trial> OfDesign(TrialKey key) => session.Do(connection => ReadTrials(
        connection,
        "where stage = @Stage and option = @Option and given = @Given and sample = @sample order by id",
        new { key.Stage, key.Option, key.Given, sample = (long)key.Sample }));

    /// <inheritdoc/>
    public void ReadContent(Action<StoreContent> use) => session.Do(connection =>
    {
        using var view = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        use(StoreContent.Of(connection, Columns, $"to_char(time at time zone 'UTC', {TimeForm})", Name));
        return 0;
    });

    /// <inheritdoc/>
    public void ReplaceContent(StoreContent content) => InTransaction(connection =>
    {
        connection.Execute("delete from study; delete from stage; delete from prediction; delete from loss; delete from trial; delete from note; delete from control");
        if (content.Study is not null) connection.Execute("insert into study (id, record) values (1, @Study)", new { content.Study });
        connection.Execute("insert into stage (name, decided, record) values (@Name, @Decided, @Record)", content.Stages);
        foreach (var row in content.Trials)
        {
            var values = new DynamicParameters(row with { Failure = Stored(row.Failure), Diverged = Stored(row.Diverged), Unsaved = Stored(row.Unsaved), Worker = Stored(row.Worker) });
            values.Add("Key", StoredKey.Of(row.Key(Name)));
            connection.Execute(CopiedTrial, values);
        }

        connection.Execute("insert into prediction (trial, splits) values (@Trial, @Content)", content.Predictions);
        connection.Execute("insert into loss (trial, points) values (@Trial, @Content)", content.Losses);
        connection.Execute("insert into note (time, text) values (@Time::timestamptz, @text) on conflict do nothing", content.Notes.Select(note => new { note.Time, text = Stored(note.Text) }));
        if (content.Control != new SearchControl()) StoredControl.Write(connection, content.Control);
        return connection.Execute($"update trial set {TrialRow.PutBack} where state = 1");
    });

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    // PostgreSQL refuses a zero letter and halves of letters, which the message of an error may contain
    private static string? Stored(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    private static double? Finite(double? number) => number is { } value && double.IsFinite(value) ? value : null;

    private static string? StudyText(NpgsqlConnection connection) => connection.ExecuteScalar<string?>("select record from study");

    private Trial[] ReadTrials(NpgsqlConnection connection, string which, object? values = null)
    {
        var plans = new PlanReader();
        return [.. connection.Query<TrialRow>($"select {Columns} from trial {which}", values).Select(row => row.Trial(Name, plans))];
    }

    // the token stays, so that a worker whose answer was lost learns that its trial has ended
    private bool End(ClaimedTrial claim, string assignments, object values, string? splits) => session.Do((connection, isRepeated) =>
    {
        var parameters = new DynamicParameters(values);
        parameters.AddDynamicParams(new { id = claim.Id, claimed = claim.Token, ends, splits });
        using var answers = connection.QueryMultiple(
            $"""
            {EndsInOrder}
            with done as (update trial set {assignments}, {TakeEndOrder}, ended = now() where id = @id and state = 1 and token = @claimed returning id),
            predicted as (insert into prediction (trial, splits) select id, @splits from done where @splits::text is not null on conflict (trial) do update set splits = excluded.splits)
            select count(*) from done;
            """,
            parameters);
        _ = answers.Read();
        return answers.ReadSingle<long>() == 1
            || (isRepeated && connection.ExecuteScalar<bool>("select exists (select 1 from trial where id = @Id and state >= 2 and token = @Token)", new { claim.Id, claim.Token }));
    });

    private T InTransaction<T>(Func<NpgsqlConnection, T> act) => session.Do(connection =>
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute(Lasts);
        var result = act(connection);
        transaction.Commit();
        return result;
    });

    private sealed class Driving(PostgresSession session) : IDisposable
    {
        private int ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0) session.StopDriving();
        }
    }
}
