using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models.Tuning;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Training.Settings;

namespace Spindle.Studies;

/// <summary>A search as its user describes it: backbone, tasks, budget, and how to search. Two studies are equal when all their settings are equal,
/// defaults included.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Backbone">An embedded backbone's name, a downloaded repository's name, or a folder in the Hub's layout.</param>
/// <param name="Tasks">The tasks, at least one.</param>
public sealed record Study(string Name, string Backbone, IReadOnlyList<StudyTask> Tasks)
{
    /// <summary>The folder that relative paths start from: the study file's. Null or empty for the current folder. It is not a setting: studies in different folders can be equal.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder that holds the tasks' data, or null if the tasks need none or were downloaded.</summary>
    public string? Data { get; init; }

    /// <summary>The budget of trained parameters.</summary>
    public Budget Budget { get; init; } = Budget.Default;

    /// <summary>Smaller budgets that a search with <c>policy: joint</c> tries too, for the score against the number of trained parameters; empty for none.</summary>
    public IReadOnlyList<Budget> SmallerBudgets { get; init; } = [];

    /// <summary>The space of designs. By default with the paper's strategies; those of a study file that names none are <see cref="DefaultStrategies.Of"/>.</summary>
    public SpaceSettings Space { get; init; } = new();

    /// <summary>The options of strategies by name; strategies that are not listed have their defaults. A name that is not a strategy's is a variant of one.</summary>
    public IReadOnlyDictionary<string, StrategyConfiguration> Strategies { get; init; } = new Dictionary<string, StrategyConfiguration>();

    /// <summary>The training settings of trials.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>The learning rates that the sides of the final comparison are tried at; empty for that of <see cref="Training"/> alone. The study's own is <see cref="Training"/>'s if it is among them, or else the middle one.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [];

    /// <summary>The other settings for which values are listed. <see cref="Training"/> and <see cref="Strategies"/> have one of them each, which the search tries first.</summary>
    public IReadOnlyList<SettingList> Lists { get; init; } = [];

    /// <summary>The designs that <see cref="Search"/> names among the baselines, by their names.</summary>
    public IReadOnlyDictionary<string, Design> BaselineDesigns { get; init; } = new Dictionary<string, Design>();

    /// <summary>The search settings.</summary>
    public SearchSettings Search { get; init; } = new();

    /// <summary>The user's own tasks among <see cref="Tasks"/>. Their files are found from <see cref="Folder"/>, then below <see cref="DataPlace"/>.</summary>
    public IReadOnlyList<OwnTask> OwnTasks => [.. Tasks.OfType<StudyTask.Own>().Select(task => task.Description with
    {
        Folder = task.Description.Folder ?? Folder,
        DataFolder = task.Description.DataFolder ?? DataPlace,
    })];

    /// <summary><see cref="Data"/> as the current folder sees it.</summary>
    public string? DataPlace => Data is { } data ? StudyPaths.Place(Folder, data) : null;

    /// <summary><see cref="Backbone"/>, or its folder as the current folder sees it.</summary>
    public string BackbonePlace => StudyPaths.BackbonePlace(Folder, Backbone);

    /// <summary>The stores of earlier searches that the search starts from, as the current folder sees them.</summary>
    public IReadOnlyList<string> FromPlaces => [.. Search.From.Select(store => TrialStores.IsFile(store) ? StudyPaths.Place(Folder, store) : store)];

    /// <summary>This study, whose search starts from earlier searches too. It names their stores as its folder sees them, from whichever folder it is searched.</summary>
    /// <param name="stores">Their stores, as the current folder sees them.</param>
    public Study StartingFrom(IEnumerable<string> stores) => this with
    {
        Search = Search with { From = [.. Search.From.Concat(stores.Select(store => Path.GetRelativePath(Path.GetFullPath(Folder is { Length: > 0 } folder ? folder : "."), Path.GetFullPath(store)))).Distinct()] },
    };

    /// <summary>Reads a study file.</summary>
    /// <param name="path">The file. Its name without extension is the study's default name.</param>
    /// <param name="strategies">The strategies that can be named, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that can be named, or null for Spindle's.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a study; the message gives the place, the fault and the remedy.</exception>
    public static Study Read(string path, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null) => StudyYaml.Read(path, strategies, tasks);

    /// <summary>Reads the study of a store. Its paths start from the folder that they started from when the search ran last, seen from the store.</summary>
    /// <param name="record">The study in the store.</param>
    /// <param name="store">The store's file.</param>
    /// <param name="strategies">The strategies that can be named, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that can be named, or null for Spindle's.</param>
    /// <exception cref="InvalidDataException">The store is damaged.</exception>
    public static Study OfStore(StudyRecord record, string store, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null) => StudyYaml.Parse(record.Text, store, strategies, tasks) with
    {
        Folder = record.Folder is { } folder ? StudyPaths.Place(Path.GetDirectoryName(store), folder) : null,
    };

    /// <summary>The same study with its paths as another folder sees them.</summary>
    /// <param name="folder">The other folder; empty for the current folder.</param>
    public Study MovedTo(string folder) => this with
    {
        Folder = folder,
        Data = DataPlace is { } data ? StudyPaths.SeenFrom(folder, data) : null,
        Backbone = BackbonePlace is var backbone && StudyPaths.IsFolder(backbone) ? StudyPaths.SeenFrom(folder, backbone) : Backbone,
        Search = Search with { From = [.. FromPlaces.Select(place => TrialStores.IsFile(place) ? StudyPaths.SeenFrom(folder, place) : place)] },
        Tasks = [.. Tasks.Select(task => task is StudyTask.Own own ? (own.Description with { Folder = own.Description.Folder ?? Folder }).MovedTo(folder) : task)],
    };

    /// <inheritdoc/>
    public bool Equals(Study? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The study as canonical YAML, with every setting.</summary>
    public override string ToString() => StudyYaml.Write(this);
}
