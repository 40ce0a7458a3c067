using Dapper;
using Npgsql;

namespace Spindle.Search.Storage.Postgres;

/// <summary>The tables of a store in a PostgreSQL schema, and its format.</summary>
internal static class PostgresSchema
{
    // long texts lie outside the row, which is read and changed far more often than they are
    private const string TrialStorage = "with (fillfactor = 70, toast_tuple_target = 256)";

    /// <summary>What each format adds to the one before; the number of the last one is that of its place.</summary>
    public static readonly IReadOnlyList<string> Formats =
    [
        $"""
        create table study (
            id bigint primary key check (id = 1),
            record text not null
        );
        create table stage (
            position bigint generated always as identity primary key,
            name text not null unique,
            decided bigint not null,
            record text not null
        );
        create table note (
            id bigint generated always as identity primary key,
            time timestamptz not null,
            text text not null
        );
        create unique index note_text on note (md5(text));
        create table control (
            id bigint primary key check (id = 1),
            paused bigint not null,
            stopped bigint not null,
            extra_seconds double precision not null
        );
        create table trial (
            id bigint primary key,
            -- a digest of the whole key, whose texts may be longer than an index allows
            key text not null unique,
            stage text not null,
            option text not null,
            given text not null,
            sample bigint not null,
            task text not null,
            training_rows bigint,
            learning_rate double precision,
            split bigint not null,
            all_rows bigint not null,
            averaged_runs bigint,
            settings text,
            plan text not null,
            solution text,
            trained bigint,
            seed bigint not null,
            epochs bigint not null,
            keep_weights bigint not null,
            keep_predictions bigint not null,
            priority bigint not null,
            state bigint not null,
            token text,
            worker text,
            losses bigint not null default 0,
            examples bigint not null default 0,
            score double precision,
            validation double precision,
            test double precision,
            metrics text,
            epoch_scores text,
            head_parameters bigint,
            example_steps bigint,
            seconds double precision,
            milliseconds_per_row double precision,
            scoring_batch bigint,
            remaining_parameters bigint,
            failure text,
            diverged text,
            unsaved text,
            added timestamptz not null,
            started timestamptz,
            heard timestamptz,
            ended timestamptz,
            end_order bigint
        ) {TrialStorage};
        -- a claim costs the same however many trials have ended
        create index trial_pending on trial (priority, id) where state = 0;
        create index trial_running on trial (id) where state = 1;
        create index trial_by_end on trial (end_order) where end_order is not null;
        create index trial_by_stage on trial (stage, id);
        create table prediction (
            trial bigint primary key references trial (id) on delete cascade,
            splits text not null
        );
        create table loss (
            trial bigint primary key references trial (id) on delete cascade,
            points text not null
        );
        """,
    ];

    /// <summary>Creates the tables where there are none, and migrates those of an older format. Of several processes, one does it.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="location">The store.</param>
    /// <param name="creates">Whether a store that does not exist is created.</param>
    /// <param name="formats">What each format adds.</param>
    /// <exception cref="FileNotFoundException">The store does not exist, and is not created.</exception>
    /// <exception cref="InvalidDataException">The schema belongs to another program, or the store to a later version.</exception>
    public static void Ensure(NpgsqlConnection connection, PostgresLocation location, bool creates, IReadOnlyList<string> formats)
    {
        var found = FormatOf(connection, location, formats.Count);
        if (found == formats.Count) return;
        if (found == 0 && !creates) throw new FileNotFoundException($"{location}: the store does not exist; a search creates it", location.ToString());
        using var transaction = connection.BeginTransaction();
        connection.Execute("select set_config('synchronous_commit', 'on', true) from pg_advisory_xact_lock(@key)", new { key = location.LockNumber("format") });
        // another process may have done this while this one waited for the lock
        var format = FormatOf(connection, location, formats.Count);
        if (format == 0) Begin(connection, location);
        foreach (var step in formats.Skip(format)) connection.Execute(step);
        connection.Execute("update spindle_format set version = @version", new { version = formats.Count });
        transaction.Commit();
    }

    private static void Begin(NpgsqlConnection connection, PostgresLocation location)
    {
        if (connection.ExecuteScalar<string>("show server_encoding") is { } encoding && encoding != "UTF8")
            throw new InvalidDataException($"{location}: the database keeps texts as {encoding}, which lacks letters; create one with the encoding UTF8");
        // a user who may not create schemas can be given one
        if (!Exists(connection, location)) connection.Execute($"create schema {location.QuotedSchema}");
        connection.Execute("create table spindle_format (version bigint not null); insert into spindle_format values (0)");
    }

    private static bool Exists(NpgsqlConnection connection, PostgresLocation location) =>
        connection.ExecuteScalar<bool>("select exists (select 1 from pg_namespace where nspname = @Schema)", new { location.Schema });

    // 0 for a schema that is empty or missing
    private static int FormatOf(NpgsqlConnection connection, PostgresLocation location, int newest)
    {
        var tables = connection.Query<string>("select relname::text from pg_class join pg_namespace on pg_namespace.oid = relnamespace where nspname = @Schema and relkind in ('r', 'p', 'v', 'm')", new { location.Schema }).ToArray();
        if (tables.Length == 0) return 0;
        if (!tables.Contains("spindle_format")) throw new InvalidDataException($"{location}: the schema '{location.Schema}' holds tables of another program, not the store of a search; name another one with ?schema=NAME");
        var format = connection.ExecuteScalar<long>("select version from spindle_format");
        return format >= 1 && format <= newest
            ? (int)format
            : throw new InvalidDataException(FormattableString.Invariant($"{location}: is a store of format {format}, but this version reads format {newest}; use the version that created it, or another schema"));
    }
}
