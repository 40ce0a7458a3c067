using System.Collections.Concurrent;
using System.Diagnostics;
using Spindle.Dashboard;
using Spindle.Search.Storage;

namespace Spindle.Cli.Commands;

/// <summary>Starts <c>spindle search</c> for a dashboard, with the study's file. The search outlives the dashboard: it gets its own session where the system has <c>setsid</c>, and writes to a log.
/// Of a store, which another may have written, only the study's name and folder help to find that file; the search refuses one of another study.</summary>
internal sealed class SearchStarter : ISearchStarter
{
    private const string Script = """log=$1; shift; if command -v setsid > /dev/null; then exec setsid "$@" > "$log" 2>&1 < /dev/null; fi; exec "$@" > "$log" 2>&1 < /dev/null""";

    // asked several times a second, and reads every study file in a folder
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Process> started = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long At, string? Study)> studies = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string? Obstacle(string store) => StudyOf(store) is null ? StudyFile.Missing(store) : null;

    /// <inheritdoc/>
    public void Start(string store)
    {
        var study = StudyOf(store) ?? throw new FileNotFoundException(StudyFile.Missing(store));
        string[] search = ["search", study, "--store", TrialStores.NameOf(store), .. TunedOf(store) is { } tuned ? (string[])["--tuned", tuned] : [], "--yes"];
        var own = WorkerCommand.StartInfo(search);
        var info = OperatingSystem.IsWindows() ? own : new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", LogOf(store, study)!, own.FileName, .. own.ArgumentList]);
        TrialStores.PassPassword(store, info);
        started[store] = Process.Start(info) ?? throw new IOException($"{info.FileName}: cannot be started");
    }

    /// <inheritdoc/>
    public string? Failure(string store)
    {
        if (!started.TryGetValue(store, out var process) || !process.HasExited || process.ExitCode is ExitCodes.Done or ExitCodes.Interrupted) return null;
        var said = LogOf(store, StudyOf(store)) is { } log && File.Exists(log) ? File.ReadLines(log).LastOrDefault(line => line.Length > 0) : null;
        return FormattableString.Invariant($"The search that was started here ended with code {process.ExitCode}: {said ?? "it wrote nothing"}");
    }

    private string? StudyOf(string store)
    {
        // a file beside the store is seen at once
        if (StudyFile.Beside(store) is { } beside && File.Exists(beside)) return beside;
        if (studies.TryGetValue(store, out var known) && Stopwatch.GetElapsedTime(known.At) < BetweenLooks && (known.Study is null || File.Exists(known.Study))) return known.Study;
        var found = StudyFile.Find(store);
        studies[store] = (Stopwatch.GetTimestamp(), found);
        return found;
    }

    private static string? LogOf(string store, string? study) => Path.ChangeExtension(TrialStores.IsFile(store) ? store : study, ".search.log");

    // `tune` keeps study, store and models in one folder
    private static string? TunedOf(string store) => TrialStores.IsFile(store) && Path.GetDirectoryName(Path.GetFullPath(store)) is { } folder && SearchFolder.IsOwned(folder) ? folder : null;
}
