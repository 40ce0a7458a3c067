using System.Collections.Concurrent;
using System.Diagnostics;
using Spindle.Dashboard;

namespace Spindle.Cli.Commands;

/// <summary>Starts <c>spindle search</c> for a dashboard, with the study file beside the store. The search outlives the dashboard: it gets its own session where the system has <c>setsid</c>, and writes to a log.
/// Nothing of the command comes from the store, which another may have written.</summary>
internal sealed class SearchStarter : ISearchStarter
{
    private const string Script = """log=$1; shift; if command -v setsid > /dev/null; then exec setsid "$@" > "$log" 2>&1 < /dev/null; fi; exec "$@" > "$log" 2>&1 < /dev/null""";

    private readonly ConcurrentDictionary<string, Process> started = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string? Obstacle(string store) => File.Exists(StudyOf(store)) ? null
        : $"The study file {StudyOf(store)} does not exist, so the dashboard cannot start the search; run: spindle search STUDY.yaml --store {store}";

    /// <inheritdoc/>
    public void Start(string store)
    {
        string[] search = ["search", StudyOf(store), "--store", store, .. TunedOf(store) is { } tuned ? (string[])["--tuned", tuned] : [], "--yes"];
        var own = WorkerCommand.StartInfo(search);
        var info = OperatingSystem.IsWindows() ? own : new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", LogOf(store), own.FileName, .. own.ArgumentList]);
        started[store] = Process.Start(info) ?? throw new IOException($"{info.FileName}: cannot be started");
    }

    /// <inheritdoc/>
    public string? Failure(string store)
    {
        if (!started.TryGetValue(store, out var process) || !process.HasExited || process.ExitCode is ExitCodes.Done or ExitCodes.Interrupted) return null;
        var said = File.Exists(LogOf(store)) ? File.ReadLines(LogOf(store)).LastOrDefault(line => line.Length > 0) : null;
        return FormattableString.Invariant($"The search that was started here ended with code {process.ExitCode}: {said ?? "it wrote nothing"}");
    }

    private static string StudyOf(string store) => Path.ChangeExtension(store, ".yaml");

    private static string LogOf(string store) => Path.ChangeExtension(store, ".search.log");

    // `tune` keeps study, store and models in one folder
    private static string? TunedOf(string store) => Path.GetDirectoryName(Path.GetFullPath(store)) is { } folder && SearchFolder.IsOwned(folder) ? folder : null;
}
