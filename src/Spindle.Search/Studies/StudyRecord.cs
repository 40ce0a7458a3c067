using System.Text.Json.Serialization;

namespace Spindle.Search.Studies;

/// <summary>The study of a store: the part that reports and workers need.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Text">The whole study as text.</param>
/// <param name="Backbone">The backbone's name in the study.</param>
/// <param name="BackboneParameters">The number of the backbone's parameters.</param>
/// <param name="Budget">The number of parameters that a design may train.</param>
/// <param name="Tasks">The study's tasks in order.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="SamplesPerOption">The number of designs for each option.</param>
/// <param name="Epochs">The epochs of a trial outside the final comparison.</param>
/// <param name="FinalEpochs">The epochs of the final comparison.</param>
/// <param name="FinalSeeds">The number of seeds of the final comparison.</param>
public sealed record StudyRecord(
    string Name,
    string Text,
    string Backbone,
    long BackboneParameters,
    long Budget,
    IReadOnlyList<TaskChance> Tasks,
    string Policy,
    int SamplesPerOption,
    int Epochs,
    int FinalEpochs,
    int FinalSeeds)
{
    /// <summary>Every setting as text by its key, defaults included. Null in stores of format 2 and older, where <see cref="Text"/> holds the same.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    /// <summary>The folder that the study's relative paths start from, seen from the store's folder; absolute where the store is in a database. Null in older stores, whose paths start from the current folder, and in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder for the tuned weights, seen from where <see cref="Folder"/> is; null where none are kept, and in older stores. Workers that others start write there.</summary>
    public string? Models { get; init; }

    /// <inheritdoc cref="SearchProblem.SharesDraws"/>
    public bool SharesDraws { get; init; }

    /// <summary>Where the search ran, from the first run to the last; empty in older stores.</summary>
    public IReadOnlyList<SearchRun> Runs { get; init; } = [];

    /// <inheritdoc cref="SearchProblem.Earlier"/>
    public IReadOnlyList<EarlierStudy> Earlier { get; init; } = [];

    /// <summary>The settings with paths as the current folder sees them, to be compared with those of older stores; not stored.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> FormerSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>The defaults of settings; not stored.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc cref="SearchStudy.ReadSettings"/>
    [JsonIgnore]
    public Func<string, IReadOnlyDictionary<string, string>?> ReadSettings { get; init; } = _ => null;

    /// <summary>This record with the runs of the store's study before its own, and with the designs of baselines that that study named and this one does not. Their trials are still in the store.</summary>
    /// <param name="there">The study of the store.</param>
    public StudyRecord Continuing(StudyRecord there)
    {
        var settings = new Dictionary<string, string>(Settings ?? StudyText.Settings(Text), StringComparer.Ordinal);
        foreach (var (key, design) in StudyChange.SettingsOf(there, this).Where(pair => StudyChange.IsBaseline(pair.Key))) settings.TryAdd(key, design);
        return this with { Settings = settings, Runs = Runs.Aggregate(there.Runs, SearchRun.Append) };
    }

    /// <summary>In what this study differs from one that it should continue, in a few words, or null if it continues it.</summary>
    /// <param name="there">The other study.</param>
    public string? DifferenceFrom(StudyRecord there)
    {
        var changes = StudyChange.Refused(there, this);
        if (changes.Count > 0) return $"it has another {string.Join(", another ", changes.Select(change => $"'{change.Key}'"))}";
        return Tasks.FirstOrDefault(task => task.RowDifference(there) is not null) is { } edited ? $"it has other rows of task '{edited.Name}'" : null;
    }

    /// <summary>Creates the record of a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="policy">The name of the policy that drives the search. It may be another than the one that the study names.</param>
    public static StudyRecord Of(SearchProblem problem, string policy) => new(
        problem.Study.Name,
        problem.Study.Text,
        problem.Study.Backbone,
        problem.Shape.Parameters,
        problem.Budget,
        [.. problem.Tasks],
        policy,
        problem.Study.Search.SamplesPerOption,
        problem.Study.Epochs,
        problem.Study.Search.FinalEpochs,
        problem.Study.Search.FinalSeeds)
    {
        Settings = new Dictionary<string, string>(problem.Study.Settings, StringComparer.Ordinal) { ["search.policy"] = policy },
        Defaults = problem.Study.Defaults,
        FormerSettings = problem.Study.FormerSettings,
        Folder = problem.Study.Folder,
        Models = problem.Study.Models,
        SharesDraws = problem.SharesDraws,
        Runs = problem.Run is { } run ? [run] : [],
        Earlier = problem.Earlier,
        ReadSettings = problem.Study.ReadSettings,
    };
}
