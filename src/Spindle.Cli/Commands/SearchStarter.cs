using System.Collections.Concurrent;
using System.Diagnostics;
using Spindle.Dashboard;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;

namespace Spindle.Cli.Commands;

/// <summary>Starts <c>spindle search</c> for a dashboard, with the study's file, and with the limit in time and the folder for the models of the command that ran before. The search outlives the dashboard: it gets its own
/// session where the system has <c>setsid</c>, and writes to a log. A store may come from someone else, so it only helps to find the study's file and a folder that holds the models of a search already; the search refuses those of another study.</summary>
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
        var own = WorkerCommand.StartInfo([.. Words(study, store)]);
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

    /// <summary>The command that is started.</summary>
    /// <param name="study">The study's file.</param>
    /// <param name="store">The store's location.</param>
    internal static IReadOnlyList<string> Words(string study, string store)
    {
        var record = StudyFile.RecordOf(store);
        return
        [
            "search", study, "--store", TrialStores.NameOf(store),
            .. TunedOf(record?.Runs.LastOrDefault(), store) is { } tuned ? (string[])["--tuned", tuned] : [],
            .. record is not null && TimeOf(record) is { } time ? (string[])["--time", time] : [],
            "--yes",
        ];
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

    // null for the folder beside the store
    private static string? TunedOf(SearchRun? last, string store)
    {
        // `tune` keeps study, store and models in one folder, which older stores do not say
        string[] own = TrialStores.IsFile(store) ? [Path.GetDirectoryName(Path.GetFullPath(store))!] : [];
        return ((string[])[.. last?.TunedFolder is { } tuned ? (string[])[StoredPath.Full(store, tuned)] : [], .. own]).FirstOrDefault(SearchFolder.IsOwned);
    }

    // of the option of the last command; the limit of the study's file is read from that file
    private static string? TimeOf(StudyRecord record)
    {
        if (record.Policy != JointPolicy.PolicyName || record.Runs.LastOrDefault()?.Command is not { } command || CommandText.Words(command) is not ["spindle", "search", .. var words]) return null;
        var search = SearchCommand.Create();
        var parsed = search.Parse([.. words]);
        if (parsed.Errors.Count > 0 || parsed.GetValue<string?>("--time") is not { } time) return null;
        try
        {
            OptionValues.Time(time);
            return time;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
