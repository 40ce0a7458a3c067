using Microsoft.Data.Sqlite;
using Spindle.Yaml;

namespace Spindle.Search.Storage;

/// <summary>Turns SQLite's errors into messages that a user can act on.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int Input = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static Exception Translate(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        NotADatabase => new InvalidDataException($"{path}: is not the store of a search; name another file", error),
        Corrupt => new InvalidDataException($"{path}: the store is damaged ({Line(error)}); restore a copy of it, or start over with another file", error),
        Full => new IOException($"{path}: the disk is full; make room and run the search again", error),
        ReadOnly or CannotOpen => new UnauthorizedAccessException($"{path}: cannot be opened for writing; check the folder and its permissions", error),
        Busy => new IOException($"{path}: another process has locked the store for too long; run the search again", error),
        Input or OutOfMemory => new IOException($"{path}: {Line(error)}", error),
        // any other error: missing tables or columns, or invalid bytes
        _ => new InvalidDataException($"{path}: is not a store that this version can read ({Line(error)}); name another file", error),
    };

    private static string Line(SqliteException error) => ErrorText.Line(error.Message).TrimEnd('.');
}
