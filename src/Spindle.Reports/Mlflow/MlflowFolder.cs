using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Spindle.Reports.Runs;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Reports.Mlflow;

/// <summary>Writes the finished trials of a search as runs of MLflow, in the layout of its file store (<c>mlruns</c>): an experiment with the study's name, and a run for each trial.</summary>
public static partial class MlflowFolder
{
    private const string Meta = "meta.yaml";
    private const string DefaultId = "0";
    private const int LongestValue = 6000;

    /// <summary>Writes the runs. A run that is already there is replaced; other experiments and runs stay as they are.</summary>
    /// <param name="folder">The tracking folder, which need not exist.</param>
    /// <param name="result">The result of the search.</param>
    /// <param name="trials">The trials of its store.</param>
    /// <param name="losses">The curve of a trial's training loss by the trial's number (<see cref="ITrialStore.Losses"/>), or null to leave it out.</param>
    /// <returns>The number of runs.</returns>
    /// <exception cref="InvalidDataException">The folder is a file, or holds other files than experiments of MLflow.</exception>
    public static int Write(string folder, StudyResult result, IReadOnlyCollection<Trial> trials, Func<long, IReadOnlyList<LossPoint>>? losses = null)
    {
        Require(folder);
        TrialRun[] runs = [.. TrialRun.Of(trials, losses)];
        var began = runs.Select(run => run.Started).DefaultIfEmpty(DateTimeOffset.UtcNow).Min();
        // MLflow creates this experiment itself only with the folder
        if (IsNew(folder)) WriteExperiment(folder, DefaultId, "Default", began);
        var id = Experiments(folder).FirstOrDefault(experiment => NameOf(experiment) == result.Study.Name) is { } there ? Path.GetFileName(there) : null;
        if (id is null) WriteExperiment(folder, id = IdOf(result.Study.Name), result.Study.Name, began);
        var search = RunFiles.Search(trials);
        foreach (var run in runs) WriteRun(folder, id, search, run);
        return runs.Length;
    }

    /// <summary>Refuses a folder that <see cref="Write"/> would refuse.</summary>
    /// <param name="folder">The tracking folder, which need not exist.</param>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void Require(string folder)
    {
        RunFiles.RequireFolder(folder);
        if (!IsNew(folder) && !Experiments(folder).Any())
            throw new InvalidDataException($"{folder}: holds other files than experiments of MLflow; name a new folder, or an 'mlruns' folder");
    }

    private static bool IsNew(string folder) => !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();

    private static void WriteRun(string folder, string experiment, string search, TrialRun run)
    {
        var id = RunIdOf(search, run);
        var place = Path.Combine(folder, experiment, id);
        // the metrics of a trial that ran again
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        var name = run.Name;
        var tags = new Dictionary<string, string>
        {
            ["mlflow.runName"] = name,
            ["mlflow.user"] = Environment.UserName,
            ["mlflow.source.name"] = "spindle",
            ["mlflow.source.type"] = "LOCAL",
            ["spindle.trial"] = run.Id.ToString(CultureInfo.InvariantCulture),
            ["spindle.stage"] = run.Stage,
            ["spindle.search"] = search,
        };
        Directory.CreateDirectory(Path.Combine(place, "artifacts"));
        foreach (var points in run.Points.Where(point => double.IsFinite(point.Value)).GroupBy(point => MetricName(point.Name)))
            RunFiles.Write(Path.Combine(place, "metrics", points.Key), string.Concat(points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Time.ToUnixTimeMilliseconds()} {point.Value:R} {point.Step}\n"))));
        foreach (var (parameter, value) in run.Parameters) RunFiles.Write(Path.Combine(place, "params", parameter), value[..Math.Min(value.Length, LongestValue)]);
        foreach (var (tag, value) in tags) RunFiles.Write(Path.Combine(place, "tags", tag), value);
        // last, because MLflow takes a folder with this file for a run
        RunFiles.Write(Path.Combine(place, Meta), Lines(
            ("artifact_uri", Text(Uri(Path.Combine(place, "artifacts")))),
            ("end_time", Milliseconds(run.Ended)),
            ("entry_point_name", Text("")),
            ("experiment_id", Text(experiment)),
            ("lifecycle_stage", "active"),
            ("run_id", Text(id)),
            ("run_name", Text(name)),
            ("run_uuid", Text(id)),
            ("source_name", Text("")),
            ("source_type", "4"),
            ("source_version", Text("")),
            ("start_time", Milliseconds(run.Started)),
            ("status", run.IsCompleted ? "3" : "4"),
            ("tags", "[]"),
            ("user_id", Text(Environment.UserName))));
    }

    private static void WriteExperiment(string folder, string id, string name, DateTimeOffset began) => RunFiles.Write(Path.Combine(folder, id, Meta), Lines(
        ("artifact_location", Text(Uri(Path.Combine(folder, id)))),
        ("creation_time", Milliseconds(began)),
        ("experiment_id", Text(id)),
        ("last_update_time", Milliseconds(began)),
        ("lifecycle_stage", "active"),
        ("name", Text(name))));

    private static IEnumerable<string> Experiments(string folder) => Directory.EnumerateDirectories(folder).Where(experiment => File.Exists(Path.Combine(experiment, Meta)));

    private static string? NameOf(string experiment)
    {
        var name = ExperimentName().Match(File.ReadAllText(Path.Combine(experiment, Meta)).ReplaceLineEndings("\n"));
        if (!name.Success) return null;
        var text = name.Groups["name"].Value.Trim();
        return text is ['\'', .. var quoted, '\''] ? quoted.Replace("''", "'", StringComparison.Ordinal) : text.Trim('"');
    }

    // eighteen digits, as those of MLflow; the same for the same study
    private static string IdOf(string study)
    {
        var number = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(study))) % 900_000_000_000_000_000 + 100_000_000_000_000_000;
        return number.ToString(CultureInfo.InvariantCulture);
    }

    // the same for the same trial of a store, and another for the same trial of another store
    private static string RunIdOf(string search, TrialRun run) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{search}\n{run.Id}\n{run.Added.ToUnixTimeMilliseconds()}")))[..32];

    private static string MetricName(string name) => OtherMark().Replace(name, "_").Trim('_');

    private static string Lines(params (string Key, string Value)[] lines) => string.Concat(lines.Select(line => $"{line.Key}: {line.Value}\n"));

    private static string Text(string text) => $"'{text.ReplaceLineEndings(" ").Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Uri(string path) => new Uri(Path.GetFullPath(path)).AbsoluteUri;

    [GeneratedRegex("^name:(?<name>.*)$", RegexOptions.Multiline)]
    private static partial Regex ExperimentName();

    // MLflow allows these in the names of metrics; a slash would be a folder
    [GeneratedRegex(@"[^A-Za-z0-9_.\- ]+")]
    private static partial Regex OtherMark();
}
