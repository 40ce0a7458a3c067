using Dapper;
using Microsoft.Data.Sqlite;

namespace Spindle.Search.Storage;

/// <summary>The tables of a store in SQLite, and what tells such a file from others.</summary>
internal static class SqliteSchema
{
    /// <summary>Raised whenever the tables change.</summary>
    public const int Version = 2;

    // lacks the predictions, and nothing else
    private const int Older = 1;

    // "Spdl": marks the file as ours
    private const int Application = 0x5370646C;

    private const string Predictions = """
        create table prediction (
            trial integer primary key references trial (id),
            splits text not null
        ) strict;
        """;

    private const string Tables = """
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
        create table trial (
            id integer primary key,
            stage text not null,
            option text not null,
            sample integer not null,
            task text not null,
            plan text not null,
            solution text,
            trained integer,
            seed integer not null,
            epochs integer not null,
            keep_tuned integer not null,
            state integer not null,
            token text,
            worker text,
            losses integer not null default 0,
            examples integer not null default 0,
            score real,
            metrics text,
            epoch_scores text,
            head_parameters integer,
            example_steps integer,
            seconds real,
            failure text,
            added text not null,
            started text,
            heard text,
            ended text,
            unique (stage, option, sample, task)
        ) strict;
        create index trial_by_state on trial (state, id);
        -- holds all that counting needs: it is done several times a second, and the rows are long
        create index trial_counts on trial (stage, option, state, epochs, score, examples, example_steps);
        create table note (
            id integer primary key,
            time text not null,
            text text not null unique
        ) strict;
        """;

    /// <summary>Makes the tables in an empty file, adds what a file of the format before lacks, and checks those of another.</summary>
    /// <exception cref="InvalidDataException">The file is another program's, or another version's.</exception>
    public static void Ensure(SqliteConnection connection, string path)
    {
        if (IsCurrent(connection, path)) return;
        // before anything else is written: a reader of a report does not wait for a writer
        connection.Execute("pragma journal_mode = wal");
        using var transaction = connection.BeginTransaction(deferred: false);
        // another process may have made them while this one waited for the lock
        if (IsCurrent(connection, path)) return;
        if (connection.ExecuteScalar<long>("pragma user_version") != Older) connection.Execute(Tables);
        connection.Execute(Predictions);
        connection.Execute(FormattableString.Invariant($"pragma application_id = {Application}; pragma user_version = {Version}"));
        transaction.Commit();
    }

    private static bool IsCurrent(SqliteConnection connection, string path)
    {
        var application = connection.ExecuteScalar<long>("pragma application_id");
        var version = connection.ExecuteScalar<long>("pragma user_version");
        if (application == Application)
        {
            return version switch
            {
                Version => true,
                Older => false,
                _ => throw new InvalidDataException($"{path}: is a store of format {version}, and this version reads format {Version}; use the version that made it, or another file"),
            };
        }

        return application == 0 && version == 0 && connection.ExecuteScalar<long>("select count(*) from sqlite_master") == 0
            ? false
            : throw new InvalidDataException($"{path}: is another program's database, no store of a search; name another file");
    }
}
