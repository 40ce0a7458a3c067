using System.Globalization;

namespace Spindle.Search.Studies;

/// <summary>A setting in which a study differs from the study of a store.</summary>
/// <param name="Key">The setting's key (<c>training.learning-rate</c>).</param>
/// <param name="There">The value in the store, or null if it has none.</param>
/// <param name="Here">The value in the current study, or null if it has none.</param>
public sealed record StudyChange(string Key, string? There, string? Here)
{
    private const string Tasks = "tasks";
    private const string Policy = "search.policy";
    private const string BaselineDesigns = "baselines.";

    // raising these only adds trials; finished trials still count
    private static readonly string[] Growing = ["search.samples-per-option", "search.final-seeds"];

    // a search may go on on another machine
    private const string Device = "training.device";

    // what is added after these costs only new trials, whatever the change
    private static readonly string[] Free = ["search.time", "search.trials", "search.examples", "search.baselines", "search.refit", "search.refit-runs", "search.prefer", "search.score-every-epoch", Device];

    /// <summary>The changes that a store cannot accept. More samples, seeds or tasks, other baselines, <c>refit</c> and another limit continue from the existing trials; any other change would mix the trials of two studies.</summary>
    /// <param name="there">The study of the store.</param>
    /// <param name="here">The current study, with its defaults.</param>
    public static IReadOnlyList<StudyChange> Refused(StudyRecord there, StudyRecord here)
    {
        var (old, now) = (SettingsOf(there, here), Stored(here));
        var changes = old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(key => new StudyChange(key, old.GetValueOrDefault(key) ?? here.Defaults.GetValueOrDefault(key), now.GetValueOrDefault(key)))
            .Where(change => change.There != change.Here && !IsSamePath(change, there, here) && !IsExtension(change, there, here))
            .ToList();
        if (there.BackboneParameters != here.BackboneParameters) changes.Add(new("parameters of the backbone", Whole(there.BackboneParameters), Whole(here.BackboneParameters)));
        if (changes.Count == 0 && there.Budget != here.Budget) changes.Add(new("budget in parameters", Whole(there.Budget), Whole(here.Budget)));
        return changes;
    }

    /// <summary>Describes the change.</summary>
    public override string ToString() => (There, Here) switch
    {
        (null, _) => $"'{Key}: {Here}' is not in the store",
        (_, null) => $"'{Key}: {There}' is only in the store",
        _ => $"'{Key}: {There}' in the store, '{Key}: {Here}' here",
    };

    // an older store keeps paths as the current folder sees them
    private static bool IsSamePath(StudyChange change, StudyRecord there, StudyRecord here) =>
        there.Folder is null && change.There is { } old && here.FormerSettings.GetValueOrDefault(change.Key) == old;

    /// <summary>The key of a baseline's design.</summary>
    /// <param name="name">The baseline's name.</param>
    public static string BaselineKey(string name) => BaselineDesigns + name;

    internal static bool IsBaseline(string key) => key.StartsWith(BaselineDesigns, StringComparison.Ordinal);

    // of the store's study, as this version writes them
    internal static IReadOnlyDictionary<string, string> SettingsOf(StudyRecord there, StudyRecord here)
    {
        var stored = Stored(there);
        if (here.ReadSettings(there.Text) is not { } read) return stored;
        var settings = new Dictionary<string, string>(read, StringComparer.Ordinal);
        // the text does not have the policy that a program brings, and the baselines that the study no longer names
        if (stored.TryGetValue(Policy, out var policy)) settings[Policy] = policy;
        foreach (var (key, design) in stored.Where(pair => IsBaseline(pair.Key))) settings.TryAdd(key, design);
        return settings;
    }

    private static bool IsExtension(StudyChange change, StudyRecord there, StudyRecord here)
    {
        if (Growing.Contains(change.Key)) return Number(change.There) is { } old && Number(change.Here) is { } now && now >= old;
        if (Free.Contains(change.Key)) return true;
        // the design of a baseline; its finished trials are those of the old one
        if (IsBaseline(change.Key)) return change.There is null || change.Here is null;
        if (change.Key == Tasks) return there.Tasks.All(task => here.Tasks.Any(other => other.Name == task.Name));
        // the description of a user's task: a new one, or one that an older store keeps in its text
        return change.Key.StartsWith(Tasks + ".", StringComparison.Ordinal) && change is { There: null, Here: { } description }
            && (there.Tasks.All(task => Tasks + "." + task.Name != change.Key) || there.Text.Contains(description, StringComparison.Ordinal));
    }

    private static IReadOnlyDictionary<string, string> Stored(StudyRecord study) => study.Settings ?? StudyText.Settings(study.Text);

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
