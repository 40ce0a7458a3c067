using System.Diagnostics;
using System.Text.RegularExpressions;
using Spindle.Search.Storage.Postgres;

namespace Spindle.Search.Storage;

/// <summary>Opens stores by their location: the path of an SQLite file, or the address of a PostgreSQL database, <c>postgres://user:password@host:port/database?schema=name</c>.</summary>
public static partial class TrialStores
{
    private const string PasswordVariable = "PGPASSWORD";

    /// <summary>Whether a location is a file's, and not a database server's.</summary>
    /// <param name="location">The location.</param>
    public static bool IsFile(string location) => !PostgresLocation.IsOne(location);

    /// <summary>A location for messages and records: that of a server loses its password.</summary>
    /// <param name="location">The location.</param>
    /// <exception cref="InvalidDataException">The location names a server, but not a database.</exception>
    public static string NameOf(string location) => IsFile(location) ? location : PostgresLocation.Parse(location).ToString();

    /// <summary>A text, such as a command line, without the passwords of the locations in it.</summary>
    /// <param name="text">The text.</param>
    public static string WithoutPasswords(string text) => LocationWithPassword().Replace(text, "$1@");

    /// <summary>Whether two locations are of the same store.</summary>
    /// <param name="location">The one location.</param>
    /// <param name="other">The other location.</param>
    /// <exception cref="InvalidDataException">A location names a server, but not a database.</exception>
    public static bool IsSame(string location, string other)
    {
        if (IsFile(location) != IsFile(other)) return false;
        if (!IsFile(location)) return PostgresLocation.Parse(location).IsSameStore(PostgresLocation.Parse(other));
        var (one, two) = (Path.GetFullPath(location), Path.GetFullPath(other));
        return one == two || (FileIdentity.Of(one) is { Number: > 0 } identity && identity == FileIdentity.Of(two));
    }

    /// <summary>Gives another process the password of a location, which its arguments must not contain: whoever lists processes reads those.</summary>
    /// <param name="location">The location. The process is given its <see cref="NameOf"/>.</param>
    /// <param name="process">How the process is started.</param>
    public static void PassPassword(string location, ProcessStartInfo process)
    {
        if (!IsFile(location) && PostgresLocation.Parse(location).Password is { } password) process.Environment[PasswordVariable] = password;
    }

    /// <summary>Opens an existing store.</summary>
    /// <param name="location">The location.</param>
    /// <exception cref="FileNotFoundException">The store does not exist.</exception>
    /// <exception cref="InvalidDataException">There is something else, or the store is damaged, or its server is not known or does not answer.</exception>
    /// <exception cref="UnauthorizedAccessException">The store cannot be opened for writing.</exception>
    public static ISharedTrialStore Open(string location) => IsFile(location) ? SqliteTrialStore.Open(location) : PostgresTrialStore.Open(location);

    /// <summary>Opens an existing store to read from it.</summary>
    /// <param name="location">The location.</param>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static ISharedTrialStore OpenToRead(string location) => IsFile(location) ? SqliteTrialStore.OpenToRead(location) : PostgresTrialStore.Open(location);

    /// <summary>Opens a store. Creates it if it does not exist.</summary>
    /// <param name="location">The location.</param>
    /// <exception cref="InvalidDataException">There is something else, or the store is damaged, or its server is not known or does not answer.</exception>
    /// <exception cref="UnauthorizedAccessException">The store cannot be opened for writing.</exception>
    /// <exception cref="IOException">The file's folder cannot be created.</exception>
    public static ISharedTrialStore OpenOrCreate(string location) => IsFile(location) ? SqliteTrialStore.OpenOrCreate(location) : PostgresTrialStore.OpenOrCreate(location);

    /// <summary>Opens a store, or returns null where it does not exist yet.</summary>
    /// <param name="location">The location.</param>
    /// <inheritdoc cref="OpenOrCreate" path="/exception"/>
    public static ISharedTrialStore? OpenExisting(string location)
    {
        if (IsFile(location)) return new FileInfo(location) is { Exists: true, Length: > 0 } ? SqliteTrialStore.Open(location) : null;
        try
        {
            return PostgresTrialStore.Open(location);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(postgres(?:ql)?://[^:@/\s]*):[^/\s]*@", RegexOptions.IgnoreCase)]
    private static partial Regex LocationWithPassword();
}
