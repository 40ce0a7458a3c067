using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using Spindle.Yaml;

namespace Spindle.Search.Storage.Postgres;

/// <summary>Turns PostgreSQL's errors into messages that a user can act on. None repeats a password.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an error passes with time: the server restarts, the network is cut, or two transactions met.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.IdleSessionTimeout } => true,
        // 57P01 to 57P03: the server is being shut down, has crashed, or is starting
        PostgresException server => server.SqlState.StartsWith("08", StringComparison.Ordinal) || server.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException lost => lost.IsTransient || lost.InnerException is IOException or SocketException or TimeoutException,
        _ => error is SocketException or TimeoutException or IOException,
    };

    /// <summary>Whether an error comes from the server or from the connection to it.</summary>
    public static bool IsOne(Exception error) => error is DbException or SocketException or TimeoutException;

    /// <param name="error">The error.</param>
    /// <param name="location">The store.</param>
    /// <param name="isOpening">Whether the store has just been named, so that its address may be wrong.</param>
    public static Exception Translate(Exception error, PostgresLocation location, bool isOpening) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => Refused(error, location),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new InvalidDataException($"{location}: the database '{location.Database}' does not exist on this server; create it (createdb {location.Database}), or correct the address", error),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => new UnauthorizedAccessException($"{location}: {ErrorText.Line(denied.MessageText)}; grant the user this right, or name another user", error),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new IOException($"{location}: the disk of the database is full; make room and run the search again", error),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } when !isOpening =>
            new FileNotFoundException($"{location}: the store was deleted while it was in use; put it back, or start the search again", location.ToString()),
        PostgresException server when !IsPassing(server) => new InvalidDataException($"{location}: is not a store that this version can read ({ErrorText.Line(server.MessageText)}); name another schema or database", error),
        // before a password is sent, the client finds that it has none
        NpgsqlException none when none.Message.Contains("password has been provided", StringComparison.Ordinal) => Refused(error, location),
        _ when Socket(error) is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => new InvalidDataException($"{location}: the host '{location.Host}' is not known; correct the address, or check the network", error),
        _ when isOpening => new InvalidDataException($"{location}: no PostgreSQL server answers there ({ErrorText.Line(Innermost(error).Message).TrimEnd('.')}); start it, or correct the address", error),
        _ => new IOException($"{location}: the database has not answered for too long ({ErrorText.Line(Innermost(error).Message).TrimEnd('.')}); run the same command again when it does", error),
    };

    private static UnauthorizedAccessException Refused(Exception error, PostgresLocation location) => new(
        $"{location}: the server refuses the user{(location.User is { } user ? $" '{user}'" : "")} or the password; correct them in the address, or set PGPASSWORD", error);

    private static SocketException? Socket(Exception error) => error as SocketException ?? (error.InnerException is { } inner ? Socket(inner) : null);

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
