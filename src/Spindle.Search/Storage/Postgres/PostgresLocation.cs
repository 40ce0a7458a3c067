using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Spindle.Search.Storage.Postgres;

/// <summary>The address of a store in a PostgreSQL database: <c>postgres://user:password@host:port/database?schema=name</c>. A password that it leaves out is that of the
/// environment variable PGPASSWORD or of the user's <c>.pgpass</c>.</summary>
/// <param name="Host">The host's name or address, or the folder of a Unix socket.</param>
/// <param name="Port">The port, from 1 to 65535.</param>
/// <param name="Database">The database.</param>
/// <param name="Schema">The schema that holds the store's tables.</param>
internal sealed record PostgresLocation(string Host, int Port, string Database, string Schema)
{
    private const int UsualPort = 5432;
    private const string UsualSchema = "spindle";
    private const string Form = "write postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME";
    private const int LongestSchema = 63;
    private const int ConnectSeconds = 15;

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    /// <summary>The user, or null for that of the environment or of the operating system.</summary>
    public string? User { get; private init; }

    /// <summary>The password, or null where the address has none.</summary>
    public string? Password { get; private init; }

    private SslMode? Encryption { get; init; }

    /// <summary>Whether a location is the address of a PostgreSQL database.</summary>
    public static bool IsOne(string location) => Schemes.Any(scheme => location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address.</summary>
    /// <exception cref="InvalidDataException">It is not one. The message does not repeat it, because it may hold a password.</exception>
    public static PostgresLocation Parse(string location)
    {
        if (!IsOne(location) || !Uri.TryCreate(location, UriKind.Absolute, out var address)) throw new InvalidDataException($"the address of the database cannot be read; {Form}, with % codes for special characters in the password");
        var (host, schema, encryption) = (address.IdnHost.Trim('[', ']'), UsualSchema, (SslMode?)null);
        foreach (var (key, value) in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(part => (part[0], part.Length > 1 ? Uri.UnescapeDataString(part[1]) : "")))
        {
            if (key == "schema") schema = value;
            else if (key == "host") host = value;
            else if (key == "sslmode" && Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode)) encryption = mode;
            else throw new InvalidDataException($"the address of the database: '{key}' or its value is not known; after the question mark there can be schema=NAME, sslmode=require (disable, prefer, verify-ca, verify-full) and host=FOLDER of a Unix socket");
        }

        var database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        if (database.Length == 0 || database.Contains('/', StringComparison.Ordinal)) throw new InvalidDataException($"the address of the database names no database; {Form}");
        if (!IsName(schema)) throw new InvalidDataException(FormattableString.Invariant($"the address of the database: schema '{Yaml.ErrorText.Line(schema)}' is not a name; use at most {LongestSchema} letters without accents, digits, '_' and '-', the first a letter, and not pg_ at the start"));
        var user = address.UserInfo.Split(':', 2);
        return new(host.Length > 0 ? host : "localhost", address.Port > 0 ? address.Port : UsualPort, database, schema)
        {
            User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Encryption = encryption,
        };
    }

    /// <summary>Whether this is the address of the same schema, for any user.</summary>
    public bool IsSameStore(PostgresLocation other) => (Host, Port, Database, Schema) == (other.Host, other.Port, other.Database, other.Schema);

    /// <summary>The settings of a connection.</summary>
    public string ConnectionText() => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Database = Database,
        Username = User,
        Password = Password,
        SslMode = Encryption ?? SslMode.Prefer,
        SearchPath = QuotedSchema,
        ApplicationName = "spindle",
        Pooling = false,
        Timeout = ConnectSeconds,
        MaxAutoPrepare = 30,
        // a cut network is noticed on both sides within a minute, so that the lock of a driver that vanished is released
        TcpKeepAlive = true,
        TcpKeepAliveTime = 20,
        TcpKeepAliveInterval = 5,
        // a crash of the server may undo the last claims and heartbeats, which are then repeated; whatever must last is committed with care
        Options = "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c synchronous_commit=off",
    }.ToString();

    /// <summary>The schema for SQL.</summary>
    public string QuotedSchema => $"\"{Schema}\"";

    /// <summary>The number of an advisory lock of this store: the same in every process.</summary>
    /// <param name="purpose">What is locked.</param>
    public long LockNumber(string purpose) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"spindle {purpose} {Schema}")));

    /// <summary>The address without a password.</summary>
    public override string ToString()
    {
        var isSocket = Host.StartsWith('/');
        string[] query = [.. isSocket ? (string[])[$"host={Host}"] : [], .. Schema == UsualSchema ? [] : (string[])[$"schema={Schema}"], .. Encryption is { } mode ? (string[])[$"sslmode={mode.ToString().ToLowerInvariant()}"] : []];
        return string.Create(CultureInfo.InvariantCulture, $"postgres://{(User is null ? "" : Uri.EscapeDataString(User) + "@")}{(isSocket ? "localhost" : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}/{Uri.EscapeDataString(Database)}")
            + (query.Length > 0 ? "?" + string.Join('&', query) : "");
    }

    private static bool IsName(string name) => name.Length is > 0 and <= LongestSchema && char.IsAsciiLetter(name[0]) && !name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase)
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}
