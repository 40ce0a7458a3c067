using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Designs.Budgets;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Training.Settings;

namespace Spindle.Studies;

/// <summary>A search as its user describes it: what is tuned, on what, under which budget, and how it is searched. Two studies are equal when all their settings are,
/// defaults included.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Backbone">An embedded backbone's name, a fetched repository's name, or a folder in the Hub's layout.</param>
/// <param name="Tasks">The tasks, at least one.</param>
public sealed record Study(string Name, string Backbone, IReadOnlyList<StudyTask> Tasks)
{
    /// <summary>The folder that holds the tasks' data, or null where the tasks need none or were downloaded.</summary>
    public string? Data { get; init; }

    /// <summary>The budget of trained parameters.</summary>
    public Budget Budget { get; init; } = Budget.OfShare(0.005m);

    /// <summary>The space of designs.</summary>
    public SpaceSettings Space { get; init; } = new();

    /// <summary>The options of strategies by name; strategies that are not listed have their defaults. A name that is not a kind's name is a variant.</summary>
    public IReadOnlyDictionary<string, StrategyConfiguration> Strategies { get; init; } = new Dictionary<string, StrategyConfiguration>();

    /// <summary>How a trial trains.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>How designs are searched.</summary>
    public SearchSettings Search { get; init; } = new();

    /// <summary>The user's own tasks among <see cref="Tasks"/>.</summary>
    public IReadOnlyList<OwnTask> OwnTasks => [.. Tasks.OfType<StudyTask.Own>().Select(task => task.Description)];

    /// <summary>Reads a study file.</summary>
    /// <param name="path">The file; its name without extension is the study's where it gives none.</param>
    /// <param name="strategies">The strategies that may be named; Spindle's where null.</param>
    /// <param name="tasks">The tasks that may be named; Spindle's where null.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a study; the message says where, why and what to do.</exception>
    public static Study Read(string path, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null) => StudyYaml.Read(path, strategies, tasks);

    /// <inheritdoc/>
    public bool Equals(Study? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The study as canonical YAML, with every setting.</summary>
    public override string ToString() => StudyYaml.Write(this);
}
