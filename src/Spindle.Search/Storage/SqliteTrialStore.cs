using Dapper;
using Microsoft.Data.Sqlite;
using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>A store in one SQLite file, shared by the processes of one machine. With write-ahead logging, readers do not wait for writers.</summary>
public sealed class SqliteTrialStore : ISharedTrialStore, ICopiedStore
{
    private const int BusyMilliseconds = 30_000;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly string file;
    private readonly FileIdentity? opened;

    private SqliteTrialStore(string path, SqliteConnection connection)
    {
        (Name, file, this.connection) = (path, Path.GetFullPath(path), connection);
        opened = FileIdentity.Of(file);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public StudyRecord? Study => Do(() =>
        connection.ExecuteScalar<string?>("select record from study") is { } text ? StoreText.Read<StudyRecord>(text, $"{Name}: study", StoredFault.Of) : null);

    /// <summary>Opens an existing store.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a store, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened for writing.</exception>
    public static SqliteTrialStore Open(string path) => File.Exists(path) || Directory.Exists(path)
        ? Connect(path, SqliteOpenMode.ReadWrite)
        : throw new FileNotFoundException($"{path}: the store does not exist; a search creates it", path);

    /// <summary>Opens an existing store to read from it. Neither the file nor its folder need be writable.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a store, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read, or must be written to be read: it is of an older format, or has a log of changes.</exception>
    public static SqliteTrialStore OpenToRead(string path)
    {
        try
        {
            return Open(path);
        }
        catch (UnauthorizedAccessException)
        {
            // SQLite keeps files of its own beside a store, which cannot be created here: without a log of changes, none are needed
            return new FileInfo(path + "-wal") is { Exists: true, Length: > 0 } ? Connect(path, SqliteOpenMode.ReadOnly) : Connect(path, SqliteOpenMode.ReadOnly, isImmutable: true);
        }
    }

    /// <summary>Opens a store. Creates it if it does not exist.</summary>
    /// <param name="path">The file. Its folder is created if it does not exist.</param>
    /// <exception cref="InvalidDataException">The file is not a store, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened for writing.</exception>
    /// <exception cref="IOException">The file's folder cannot be created.</exception>
    public static SqliteTrialStore OpenOrCreate(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        return Connect(path, SqliteOpenMode.ReadWriteCreate);
    }

    /// <inheritdoc/>
    public IDisposable LockForDriver() => DriverLock.Take(Name);

    /// <inheritdoc/>
    public void Register(StudyRecord study) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        if (connection.ExecuteScalar<string?>("select record from study") is { } text)
        {
            var there = StoreText.Read<StudyRecord>(text, $"{Name}: study", StoredFault.Of);
            StoreErrors.RequireSame(Name, there, study);
            study = study.Continuing(there);
        }

        connection.Execute(
            "insert into study (id, record) values (1, @text) on conflict (id) do update set record = excluded.record", new { text = StoreText.Write(study) });
        transaction.Commit();
    });

    /// <inheritdoc/>
    public IReadOnlyList<StageRecord> Stages() => Do(() => connection
        .Query<string>("select record from stage order by position")
        .Select(text => StoreText.Read<StageRecord>(text, $"{Name}: stage", StoredFault.Of))
        .ToArray());

    /// <inheritdoc/>
    public void SaveStages(IReadOnlyList<StageRecord> stages) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("delete from stage");
        connection.Execute(
            "insert into stage (name, decided, record) values (@name, @decided, @text)",
            stages.Select(stage => new { name = stage.Name, decided = stage.IsDecided ? 1 : 0, text = StoreText.Write(stage) }));
        transaction.Commit();
    });

    /// <inheritdoc/>
    public int Add(IReadOnlyList<TrialSpec> trials) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var added = 0;
        var now = TrialRow.Time(DateTimeOffset.UtcNow);
        foreach (var spec in trials)
        {
            var row = new
            {
                stage = spec.Key.Stage,
                option = spec.Key.Option,
                sample = spec.Key.Sample,
                given = spec.Key.Given,
                task = spec.Key.Task,
                rows = spec.Key.TrainingRows,
                rate = spec.Key.LearningRate,
                split = spec.Key.Split,
                all = spec.Key.UsesAllRows ? 1 : 0,
                runs = spec.Key.AveragedRuns,
                settings = spec.Key.Settings,
                seed = spec.Key.Seed,
                epochs = spec.Key.Epochs,
                plan = StoredPlan.DesignText(spec.Plan),
                solution = StoredPlan.SizesText(spec.Plan),
                trained = spec.Plan.Trained,
                weights = spec.KeepsWeights ? 1 : 0,
                predictions = spec.KeepsPredictions ? 1 : 0,
                priority = spec.Priority,
                now,
            };
            var isNew = connection.Execute(
                """
                insert into trial (stage, option, given, sample, task, training_rows, learning_rate, split, all_rows, averaged_runs, settings, plan, solution, trained, seed, epochs, keep_weights,
                    keep_predictions, priority, state, added)
                values (@stage, @option, @given, @sample, @task, @rows, @rate, @split, @all, @runs, @settings, @plan, @solution, @trained, @seed, @epochs, @weights, @predictions, @priority, 0, @now)
                on conflict do nothing
                """,
                row) == 1;
            if (isNew)
            {
                added++;
                continue;
            }

            var same = connection.ExecuteScalar<long>(
                """
                select count(*) from trial where stage = @stage and option = @option and given = @given and sample = @sample and task = @task
                and epochs = @epochs and seed = @seed and training_rows is @rows and learning_rate is @rate and split = @split and all_rows = @all and averaged_runs is @runs and settings is @settings and plan = @plan
                """,
                row) == 1;
            if (!same) throw StoreErrors.OtherTrial(Name, spec.Key);
        }

        transaction.Commit();
        return added;
    });

    /// <inheritdoc/>
    public int RemovePendingExcept(IReadOnlySet<TrialKey> requested) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var removed = connection.Query<TrialRow>($"select {TrialRow.Columns} from trial where state = 0").Where(row => !requested.Contains(row.Key(Name))).ToArray();
        // its number may become another trial's
        foreach (var row in removed) connection.Execute("delete from trial where id = @Id; delete from loss where trial = @Id", new { row.Id });
        transaction.Commit();
        return removed.Length;
    });

    /// <inheritdoc/>
    public ClaimedTrial? Claim(string worker) => Do(() =>
    {
        // reading first keeps waiting workers from taking the write lock
        if (connection.ExecuteScalar<long?>($"select id from trial where state = 0 and {IsNotPaused} limit 1") is null) return null;
        using var transaction = connection.BeginTransaction(deferred: false);
        var token = Guid.NewGuid().ToString("N");
        var row = connection.QuerySingleOrDefault<TrialRow>(
            $"""
            update trial set state = 1, token = @token, worker = @worker, started = @now, heard = @now, examples = 0, epoch_scores = null
            where id = (select id from trial where state = 0 and {IsNotPaused} order by priority, id limit 1)
            returning {TrialRow.Columns}
            """,
            new { token, worker, now = TrialRow.Time(DateTimeOffset.UtcNow) });
        if (row is not null) connection.Execute("delete from loss where trial = @Id", new { row.Id });
        transaction.Commit();
        return row is null ? null : new ClaimedTrial(row.Id, row.Spec(Name), token);
    });

    /// <inheritdoc/>
    public bool Heartbeat(ClaimedTrial claim, long examples, IReadOnlyList<LossPoint>? losses = null, IReadOnlyList<double>? epochScores = null)
    {
        var points = losses is null ? null : StoreText.Write(losses);
        var scores = epochScores is null ? null : StoreText.Write(epochScores);
        return Do(() =>
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            if (!Change(claim, "heard = @now, examples = @examples, epoch_scores = coalesce(@scores, epoch_scores)", new { examples, scores })) return false;
            if (points is not null) connection.Execute("insert into loss (trial, points) values (@trial, @points) on conflict (trial) do update set points = excluded.points", new { trial = claim.Id, points });
            transaction.Commit();
            return true;
        });
    }

    /// <inheritdoc/>
    public bool Complete(ClaimedTrial claim, TrialOutcome outcome)
    {
        var (state, kept) = StoredOutcome.Classify(outcome);
        // serialize before taking the lock that others wait for
        var splits = kept.Predictions.Count > 0 ? StoreText.Write(kept.Predictions) : null;
        return Do(() =>
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            if (!Change(claim, state, kept)) return false;
            if (splits is not null) connection.Execute("insert into prediction (trial, splits) values (@trial, @splits)", new { trial = claim.Id, splits });
            transaction.Commit();
            return true;
        });
    }

    /// <inheritdoc/>
    public bool Fail(ClaimedTrial claim, string failure) =>
        Change(claim, $"state = 4, token = null, failure = @failure, ended = @now, {TakeEndOrder}", new { failure });

    /// <inheritdoc/>
    public bool Release(ClaimedTrial claim) => Change(claim, TrialRow.PutBack, new { });

    /// <inheritdoc/>
    public int ReleaseAll() => Do(() => connection.Execute($"update trial set {TrialRow.PutBack} where state = 1"));

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Lose(string worker, int mostLosses, string failure) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var lost = connection.Query<long>("select id from trial where state = 1 and worker = @worker", new { worker }).ToArray();
        foreach (var id in lost)
        {
            var gone = connection.Execute(
                $"update trial set state = 4, token = null, failure = @failure, ended = @now, {TakeEndOrder}, losses = losses + 1 where id = @id and losses >= @mostLosses",
                new { id, mostLosses, failure, now = TrialRow.Time(DateTimeOffset.UtcNow) });
            if (gone == 0) connection.Execute($"update trial set {TrialRow.PutBack}, losses = losses + 1 where id = @id", new { id });
        }

        Trial[] trials = [.. connection
            .Query<TrialRow>($"select {TrialRow.Columns} from trial where id in @lost order by id", new { lost })
            .Select(Reading())];
        transaction.Commit();
        return trials;
    });

    /// <inheritdoc/>
    public int Retry(string stage, string option) => Do(() => connection.Execute(
        $"update trial set {TrialRow.PutBack}, losses = 0 where state = 4 and stage = @stage and option = @option", new { stage, option }));

    /// <inheritdoc/>
    public bool Retry(long id) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var released = connection.Execute($"update trial set {TrialRow.PutBack}, losses = 0, score = null, validation = null, test = null, metrics = null, unsaved = null, diverged = null where id = @id and state >= 2", new { id }) == 1;
        if (released) connection.Execute("delete from prediction where trial = @id", new { id });
        transaction.Commit();
        return released;
    });

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Trials(string? stage = null) => Do(() => connection
        .Query<TrialRow>($"select {TrialRow.Columns} from trial where @stage is null or stage = @stage order by id", new { stage })
        .Select(Reading())
        .ToArray());

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Running() => Do(() => connection
        .Query<TrialRow>($"select {TrialRow.Columns} from trial where state = 1 order by id")
        .Select(Reading())
        .ToArray());

    /// <inheritdoc/>
    public IReadOnlyList<Trial> EndedAfter(long order) => Do(() => connection
        .Query<TrialRow>($"select {TrialRow.Columns} from trial where end_order > @order order by end_order", new { order })
        .Select(Reading())
        .ToArray());

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, IReadOnlyList<SplitPredictions>> Predictions(string stage) => Do(() => connection
        .Query<(long Trial, string Splits)>("select trial, splits from prediction join trial on trial.id = prediction.trial where stage = @stage", new { stage })
        .ToDictionary(row => row.Trial, row => StoreText.ReadAll<SplitPredictions>(row.Splits, FormattableString.Invariant($"{Name}: predictions of trial {row.Trial}"), StoredFault.Of)));

    /// <inheritdoc/>
    public IReadOnlyList<OptionCount> Count() => Do(() => connection
        .Query<CountRow>(
            """
            select stage as Stage, option as Option, given as Given, count(*) as Trials, sum(state = 1) as Running, sum(state >= 2) as Finished, sum(state = 4) as Failed,
                coalesce(sum(score), 0.0) as Points, sum(coalesce(example_steps, examples)) as Examples,
                sum(case when state >= 2 then epochs else 0 end) as WorkDone, sum(epochs) as Work
            from trial group by stage, option, given order by min(id)
            """)
        .Select(row => row.Count)
        .ToArray());

    /// <inheritdoc/>
    public IReadOnlyList<LossPoint> Losses(long id) => Do(() => connection.ExecuteScalar<string?>("select points from loss where trial = @id", new { id }) is { } points
        ? StoreText.ReadAll<LossPoint>(points, FormattableString.Invariant($"{Name}: losses of trial {id}"), StoredFault.Of)
        : []);

    /// <inheritdoc/>
    public SearchControl Control() => Do(() => StoredControl.Read(connection, Name));

    /// <inheritdoc/>
    public SearchControl Ask(Func<SearchControl, SearchControl> change) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var asked = change(StoredControl.Read(connection, Name));
        StoredControl.Write(connection, asked);
        transaction.Commit();
        return asked;
    });

    /// <inheritdoc/>
    public TrialPage Page(TrialFilter filter) => Do(() =>
    {
        using var view = connection.BeginTransaction(deferred: true);
        return TrialPageQuery.OfSqlite.Read(view, filter);
    });

    /// <inheritdoc/>
    public Trial? Find(long id) => Do(() => connection.QuerySingleOrDefault<TrialRow>($"select {TrialRow.Columns} from trial where id = @id", new { id })?.Trial(Name));

    /// <inheritdoc/>
    public IReadOnlyList<Trial> OfDesign(TrialKey key) => Do(() => connection
        .Query<TrialRow>(
            $"select {TrialRow.Columns} from trial where stage = @stage and option = @option and given = @given and sample = @sample order by id",
            new { stage = key.Stage, option = key.Option, given = key.Given, sample = key.Sample })
        .Select(Reading())
        .ToArray());

    /// <inheritdoc/>
    public bool IsDriven => DriverLock.IsHeld(Name);

    /// <inheritdoc/>
    public void Note(string text) => Do(() => connection.Execute(
        "insert into note (time, text) values (@now, @text) on conflict (text) do nothing",
        new { now = TrialRow.Time(DateTimeOffset.UtcNow), text }));

    /// <inheritdoc/>
    public IReadOnlyList<StoreNote> Notes() => Do(() => connection
        .Query<(string Time, string Text)>("select time, text from note order by id")
        .Select(row => new StoreNote(
            DateTimeOffset.TryParse(row.Time, System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : default, row.Text))
        .ToArray());

    /// <inheritdoc/>
    void ICopiedStore.ReadContent(Action<StoreContent> use) => Do(() =>
    {
        using var view = connection.BeginTransaction(deferred: true);
        use(StoreContent.Of(connection, TrialRow.Columns, "time", Name));
    });

    /// <inheritdoc/>
    void ICopiedStore.ReplaceContent(StoreContent content) => Do(() =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("delete from study; delete from stage; delete from prediction; delete from loss; delete from trial; delete from note; delete from control");
        if (content.Study is not null) connection.Execute("insert into study (id, record) values (1, @Study)", new { content.Study });
        connection.Execute("insert into stage (name, decided, record) values (@Name, @Decided, @Record)", content.Stages);
        connection.Execute(TrialRow.Insertion(), content.Trials);
        connection.Execute("insert into prediction (trial, splits) values (@Trial, @Content)", content.Predictions);
        connection.Execute("insert into loss (trial, points) values (@Trial, @Content)", content.Losses);
        connection.Execute("insert into note (time, text) values (@Time, @Text)", content.Notes);
        if (content.Control != new SearchControl()) StoredControl.Write(connection, content.Control);
        connection.Execute($"update trial set {TrialRow.PutBack} where state = 1");
        transaction.Commit();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) connection.Dispose();
    }

    private const string IsNotPaused = "not exists (select 1 from control where paused <> 0)";

    // only one transaction writes at a time, so numbers are unique
    private const string TakeEndOrder = "end_order = (select coalesce(max(end_order), 0) + 1 from trial)";

    private static SqliteTrialStore Connect(string path, SqliteOpenMode mode, bool isImmutable = false)
    {
        if (Directory.Exists(path)) throw new InvalidDataException(Directory.EnumerateFiles(path, "*.db").FirstOrDefault() is { } inside ? $"{path}: is a folder; name the store in it: {inside}" : $"{path}: is a folder; name a file");
        var source = isImmutable ? new Uri(Path.GetFullPath(path)).AbsoluteUri + "?immutable=1" : path;
        // no pooling, so that a disposed store leaves no file open; no foreign keys, which would stop a migration from replacing a table
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false, ForeignKeys = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute(FormattableString.Invariant($"pragma busy_timeout = {BusyMilliseconds}"));
            SqliteSchema.Ensure(connection, path);
            // a power failure may lose the last trials, which are then run again, but never damages the file
            connection.Execute("pragma synchronous = normal");
            return new(path, connection);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw SqliteErrors.Translate(error, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private bool Change(ClaimedTrial claim, TrialState state, TrialOutcome kept) => Change(
        claim,
        $"""
        state = @state, token = null, {TakeEndOrder}, score = @score, validation = @validation, test = @test, metrics = @metrics, epoch_scores = @epochScores, trained = @trained,
        head_parameters = @head, example_steps = @steps, seconds = @seconds, milliseconds_per_row = @speed, scoring_batch = @batch, remaining_parameters = @remaining, failure = @failure, diverged = @diverged, unsaved = @unsaved, ended = @now
        """,
        new
        {
            state = (int)state,
            score = kept.Score,
            validation = kept.Validation is { } validation && double.IsFinite(validation) ? validation : (double?)null,
            test = kept.Test is { } test && double.IsFinite(test) ? test : (double?)null,
            metrics = StoreText.Write(kept.Metrics),
            epochScores = StoreText.Write(kept.EpochScores),
            trained = kept.Trained,
            head = kept.HeadParameters,
            steps = kept.ExampleSteps,
            seconds = double.IsFinite(kept.Seconds) ? kept.Seconds : 0,
            speed = kept.MillisecondsPerRow is { } speed && double.IsFinite(speed) ? speed : (double?)null,
            batch = kept.ScoringBatch,
            remaining = kept.RemainingParameters,
            failure = kept.Failure,
            diverged = kept.Diverged,
            unsaved = kept.Unsaved,
        });

    private bool Change(ClaimedTrial claim, string assignments, object values) => Do(() =>
    {
        var parameters = new DynamicParameters(values);
        parameters.AddDynamicParams(new { id = claim.Id, claimed = claim.Token, now = TrialRow.Time(DateTimeOffset.UtcNow) });
        return connection.Execute($"update trial set {assignments} where id = @id and state = 1 and token = @claimed", parameters) == 1;
    });

    private Func<TrialRow, Trial> Reading()
    {
        var plans = new PlanReader();
        return row => row.Trial(Name, plans);
    }

    private void Do(Action act) => Do(() =>
    {
        act();
        return 0;
    });

    private T Do<T>(Func<T> act)
    {
        lock (gate)
        {
            RequireThere();
            try
            {
                return act();
            }
            catch (SqliteException error)
            {
                throw SqliteErrors.Translate(error, Name);
            }
            catch (Exception error) when (error is System.Data.DataException or InvalidCastException)
            {
                throw new InvalidDataException($"{Name}: a row is damaged ({error.Message.ReplaceLineEndings(" ")}); restore a copy of the store", error);
            }
        }
    }

    // an open file that was deleted still takes everything that is written, and then it is lost
    private void RequireThere()
    {
        var now = FileIdentity.Of(file);
        if (now is null) throw new FileNotFoundException($"{Name}: the store was deleted while it was in use; put it back, or start the search again", Name);
        if (now != opened) throw new FileNotFoundException($"{Name}: the store was replaced by another file while it was in use; put the first one back, or start the search again", Name);
    }
}
