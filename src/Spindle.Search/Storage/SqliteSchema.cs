using Dapper;
using Microsoft.Data.Sqlite;

namespace Spindle.Search.Storage;

/// <summary>The tables of a store in SQLite, and the marks that identify such a file.</summary>
internal static class SqliteSchema
{
    /// <summary>The format that this version writes. It is increased whenever the tables change.</summary>
    public const int Version = 10;

    private const int Oldest = 1;

    // "Spdl": marks the file as ours
    private const int Application = 0x5370646C;

    private const string Predictions = """
        create table prediction (
            trial integer primary key references trial (id),
            splits text not null
        ) strict;
        """;

    private const string TrialColumns = """
        (
            id integer primary key,
            stage text not null,
            option text not null,
            given text not null,
            sample integer not null,
            task text not null,
            training_rows integer,
            learning_rate real,
            split integer not null default 0,
            all_rows integer not null default 0,
            averaged_runs integer,
            settings text,
            plan text not null,
            solution text,
            trained integer,
            seed integer not null,
            epochs integer not null,
            keep_weights integer not null,
            keep_predictions integer not null,
            priority integer not null,
            state integer not null,
            token text,
            worker text,
            losses integer not null default 0,
            examples integer not null default 0,
            score real,
            validation real,
            test real,
            metrics text,
            epoch_scores text,
            head_parameters integer,
            example_steps integer,
            seconds real,
            milliseconds_per_row real,
            scoring_batch integer,
            remaining_parameters integer,
            failure text,
            diverged text,
            unsaved text,
            added text not null,
            started text,
            heard text,
            ended text,
            end_order integer
        ) strict;
        """;

    private const string NewInFormat8 = """
        alter table trial add column milliseconds_per_row real;
        alter table trial add column scoring_batch integer;
        alter table trial add column remaining_parameters integer;
        """;

    private const string NewInFormat7 = "alter table trial add column test real;";

    private const string NewInFormat5 = """
        alter table trial add column diverged text;
        alter table trial add column unsaved text;
        """;

    private const string Indices = """
        create unique index trial_key on trial (stage, option, given, sample, task, epochs, seed, coalesce(training_rows, -1), coalesce(learning_rate, -1.0), split, all_rows, coalesce(averaged_runs, -1), coalesce(settings, ''));
        create index trial_by_state on trial (state, priority, id);
        create index trial_by_end on trial (end_order);
        -- holds all that counting needs: it is done several times a second, and the rows are long
        create index trial_counts on trial (stage, option, given, state, epochs, score, examples, example_steps);
        """;

    private const string NewInFormat4 = """
        alter table trial add column split integer not null default 0;
        alter table trial add column all_rows integer not null default 0;
        """;

    private const string NewInFormat6 = "alter table trial add column averaged_runs integer;";

    private const string NewInFormat9 = """
        alter table trial add column settings text;
        drop index trial_key;
        drop index trial_by_state;
        drop index trial_by_end;
        drop index trial_counts;
        """;

    private const string NewInFormat10 = """
        create table control (
            id integer primary key check (id = 1),
            paused integer not null,
            stopped integer not null,
            extra_seconds real not null
        ) strict;
        create table loss (
            trial integer primary key,
            points text not null
        ) strict;
        -- holds all that a page of trials is filtered and sorted by: the rows are long
        create index trial_pages on trial (stage, option, task, state, sample, epochs, trained, score, seconds, learning_rate, end_order, settings, failure);
        """;

    private const string Others = """
        create table study (
            id integer primary key check (id = 1),
            record text not null
        ) strict;
        create table stage (
            position integer primary key,
            name text not null unique,
            decided integer not null,
            record text not null
        ) strict;
        create table note (
            id integer primary key,
            time text not null,
            text text not null unique
        ) strict;
        """;

    /// <summary>Creates the tables in an empty file, migrates a file of an older format to the current one, and rejects all others.</summary>
    /// <exception cref="InvalidDataException">The file belongs to another program, or to a later version.</exception>
    public static void Ensure(SqliteConnection connection, string path)
    {
        if (FormatOf(connection, path) == Version) return;
        // must be set before the first write: readers do not wait for writers
        connection.Execute("pragma journal_mode = wal");
        using var transaction = connection.BeginTransaction(deferred: false);
        // another process may have done this while this one waited for the lock
        var format = FormatOf(connection, path);
        if (format == Version) return;
        if (format == 0) connection.Execute($"{Others} create table trial {TrialColumns} {Indices} {Predictions}");
        if (format == 1) connection.Execute(Predictions);
        if (format is 1 or 2) MigrateFormat2.Run(connection, path, TrialColumns, Indices);
        if (format == 3) connection.Execute(NewInFormat4);
        if (format is 3 or 4) connection.Execute(NewInFormat5);
        if (format is 3 or 4 or 5) connection.Execute(NewInFormat6);
        if (format is 3 or 4 or 5 or 6) connection.Execute(NewInFormat7);
        if (format is >= 3 and <= 7) connection.Execute(NewInFormat8);
        if (format is >= 3 and <= 8) connection.Execute($"{NewInFormat9} {Indices}");
        connection.Execute(NewInFormat10);
        connection.Execute(FormattableString.Invariant($"pragma application_id = {Application}; pragma user_version = {Version}"));
        transaction.Commit();
    }

    // 0 for an empty file
    private static long FormatOf(SqliteConnection connection, string path)
    {
        var application = connection.ExecuteScalar<long>("pragma application_id");
        var version = connection.ExecuteScalar<long>("pragma user_version");
        if (application == Application)
            return version is >= Oldest and <= Version
                ? version
                : throw new InvalidDataException($"{path}: is a store of format {version}, but this version reads format {Version}; use the version that created it, or another file");
        return application == 0 && version == 0 && connection.ExecuteScalar<long>("select count(*) from sqlite_master") == 0
            ? 0
            : throw new InvalidDataException($"{path}: is the database of another program, not the store of a search; name another file");
    }
}
