using System.Data;
using System.Diagnostics;
using Dapper;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Spindle.Search.Storage.Postgres;

/// <summary>One connection to a store's database, which is opened again when it is lost. Calls follow each other.</summary>
/// <param name="location">The store.</param>
internal sealed class PostgresSession(PostgresLocation location) : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly long driverLock = location.LockNumber("driver");
    private NpgsqlConnection? connection;
    private ResiliencePipeline? retries;
    private (int Process, DateTime Started)? driver;
    private long began;
    private bool isOpen;

    /// <summary>The store.</summary>
    public PostgresLocation Location { get; } = location;

    /// <summary>For how long a call is repeated while the server does not answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Opens the connection and does what a new one must do first. It is not repeated: what cannot be reached at first may be a wrong address.</summary>
    /// <param name="prepare">Uses the new connection.</param>
    public void Open(Action<NpgsqlConnection> prepare)
    {
        lock (gate)
        {
            try
            {
                prepare(Connected());
                isOpen = true;
            }
            catch (Exception error) when (PostgresErrors.IsOne(error))
            {
                throw PostgresErrors.Translate(error, Location, isOpening: true);
            }
        }
    }

    /// <summary>Calls the database, and calls it again where the connection was lost.</summary>
    /// <param name="call">The call. Whether an earlier try of it may have taken effect is its second argument.</param>
    public T Do<T>(Func<NpgsqlConnection, bool, T> call)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(!isOpen, this);
            began = Stopwatch.GetTimestamp();
            var tries = 0;
            try
            {
                return (retries ??= Retries()).Execute(() => call(Connected(), tries++ > 0));
            }
            catch (Exception error) when (PostgresErrors.IsOne(error))
            {
                throw PostgresErrors.Translate(error, Location, isOpening: false);
            }
            catch (Exception error) when (error is DataException or InvalidCastException)
            {
                throw new InvalidDataException($"{Location}: a row is damaged ({error.Message.ReplaceLineEndings(" ")}); restore a copy of the store", error);
            }
        }
    }

    /// <summary>Calls the database with a statement that can be repeated.</summary>
    public T Do<T>(Func<NpgsqlConnection, T> call) => Do((open, _) => call(open));

    /// <summary>Takes the driver's lock, which ends with the connection.</summary>
    /// <returns>False if another driver has it.</returns>
    public bool TryDrive()
    {
        lock (gate)
        {
            if (driver is not null || !Do(TryLock)) return false;
            driver = Do(Own);
            return true;
        }
    }

    /// <summary>Releases the driver's lock.</summary>
    public void StopDriving()
    {
        lock (gate)
        {
            if (driver is null) return;
            driver = null;
            // a connection that was lost has none
            if (connection is { State: ConnectionState.Open } open) open.Execute("select pg_advisory_unlock(@driverLock)", new { driverLock });
        }
    }

    /// <summary>Whether any process holds the driver's lock.</summary>
    public bool IsDriven() => Do(open => open.ExecuteScalar<bool>(
        """
        select exists (select 1 from pg_locks where locktype = 'advisory' and granted and objsubid = 1
            and database = (select oid from pg_database where datname = current_database())
            and (classid::bigint << 32 | objid::bigint) = @driverLock)
        """,
        new { driverLock }));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isOpen = false;
            connection?.Dispose();
            connection = null;
        }
    }

    private bool TryLock(NpgsqlConnection open) => open.ExecuteScalar<bool>("select pg_try_advisory_lock(@driverLock)", new { driverLock });

    private NpgsqlConnection Connected()
    {
        if (connection is { State: ConnectionState.Open } open) return open;
        connection?.Dispose();
        connection = new NpgsqlConnection(Location.ConnectionText());
        connection.Open();
        if (driver is { } before) driver = DriveAgain(connection, before);
        return connection;
    }

    // after a cut of the network, the server may still hold the lost connection, and with it the lock
    private (int Process, DateTime Started) DriveAgain(NpgsqlConnection open, (int Process, DateTime Started) before)
    {
        open.Execute("select pg_terminate_backend(pid) from pg_stat_activity where pid = @Process and backend_start = @Started", new { before.Process, before.Started });
        var ending = Stopwatch.StartNew();
        bool isMine;
        while (!(isMine = TryLock(open)) && ending.Elapsed < LongestWait) Thread.Sleep(FirstWait);
        if (!isMine) throw new SearchException($"{Location}: the connection was lost, and another search has started on this store since; wait for it, or stop it");
        return Own(open);
    }

    // the server's process for this connection
    private static (int Process, DateTime Started) Own(NpgsqlConnection open) => open.QuerySingle<(int, DateTime)>("select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()");

    private ResiliencePipeline Retries() => new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
    {
        ShouldHandle = tried => ValueTask.FromResult(tried.Outcome.Exception is { } error && PostgresErrors.IsPassing(error) && Stopwatch.GetElapsedTime(began) < Patience),
        MaxRetryAttempts = int.MaxValue,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstWait,
        MaxDelay = LongestWait,
    }).Build();
}
