using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Spindle.Tests.Postgres;

/// <summary>A PostgreSQL server of this test run, with its data in a temporary folder. It is started for the first test that needs it.</summary>
public sealed class PrivatePostgres : IDisposable
{
    /// <summary>The user that owns everything; with <see cref="Password"/>.</summary>
    public const string User = "spindle";

    /// <summary>A password that must not be printed, with a letter that an address writes as a code.</summary>
    public const string Password = "se/cret-7f3a";

    private readonly Lock gate = new();
    private readonly string folder = Path.Combine(Path.GetTempPath(), "pg-" + Guid.NewGuid().ToString("N")[..8]);
    private int port;
    private int databases;

    private static string? Binaries => Candidates().FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, "initdb")));

    private string Data => Path.Combine(folder, "data");

    /// <summary>Skips the test where this machine has no server.</summary>
    public static void Require() => Assert.SkipUnless(Binaries is not null, "the programs of a PostgreSQL server are missing (apt-get install postgresql)");

    /// <summary>The address of a new database.</summary>
    /// <param name="options">What is added to the statement that creates it.</param>
    public string NewDatabase(string options = "")
    {
        Require();
        lock (gate)
        {
            if (port == 0) Start();
            var name = FormattableString.Invariant($"d{++databases}");
            Query("postgres", $"create database {name} {options}");
            return Address(name);
        }
    }

    /// <summary>The address of a database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="password">The password.</param>
    public string Address(string database, string password = Password) => FormattableString.Invariant($"postgres://{User}:{Uri.EscapeDataString(password)}@127.0.0.1:{port}/{database}");

    /// <summary>Runs a statement as psql does, and returns its output.</summary>
    public string Query(string database, string statement) => Run("psql", "-h", folder, "-p", port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-tAc", statement).Trim();

    /// <summary>Stops the server, as an operator does or as a crash does.</summary>
    public void Stop(bool crashes = false) => Run("pg_ctl", "-D", Data, "-m", crashes ? "immediate" : "fast", "-s", "-w", "stop");

    /// <summary>Starts the server again on the same port.</summary>
    public void StartAgain() => Run("pg_ctl", "-D", Data, "-o", FormattableString.Invariant($"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"), "-l", Path.Combine(folder, "log"), "-s", "-w", "start");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (port == 0) return;
        try
        {
            Stop(crashes: true);
        }
        catch (InvalidOperationException)
        {
            // a test has stopped it
        }

        Directory.Delete(folder, recursive: true);
    }

    private void Start()
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "pw"), Password + "\n");
        if (Environment.IsPrivilegedProcess) Command("chown", "-R", "postgres", folder);
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        Run("initdb", "-D", Data, "-A", "scram-sha-256", "--auth-local=trust", "--pwfile=" + Path.Combine(folder, "pw"), "-U", User, "-E", "UTF8", "--locale=C.UTF-8");
        StartAgain();
    }

    private static IEnumerable<string> Candidates()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")) : [];
        return [.. versions, .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
    }

    // PostgreSQL does not run as root
    private static string Run(string program, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, program);
        return Environment.IsPrivilegedProcess ? Command("runuser", ["-u", "postgres", "--", path, .. arguments]) : Command(path, arguments);
    }

    private static string Command(string program, params string[] arguments)
    {
        // the server keeps the standard output that pg_ctl was given, so that its end would never come
        var isServer = arguments.Contains("-w");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = !isServer, RedirectStandardError = !isServer, WorkingDirectory = "/" })!;
        var (output, errors) = isServer ? ("", "") : (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors}");
    }
}
