using Spindle.Designs.Budgets;

namespace Spindle.Search.Studies;

/// <summary>A search as its user wrote it down: what is tuned, on what, under which budget, and how it is searched.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Backbone">An embedded backbone's name, or a folder in the Hub's layout.</param>
/// <param name="Tasks">The tasks' names, as the catalogue knows them (<c>sst2</c>, <c>builtin/acceptability</c>), or as <see cref="OwnTasks"/> describes them.</param>
/// <param name="Data">The folder that holds the tasks' data, or null where the tasks need none.</param>
/// <param name="Budget">The budget of trained parameters.</param>
/// <param name="Space">The space of designs.</param>
/// <param name="Training">How a trial trains.</param>
/// <param name="Search">How designs are searched.</param>
public sealed record Study(
    string Name,
    string Backbone,
    IReadOnlyList<string> Tasks,
    string? Data,
    Budget Budget,
    SpaceSettings Space,
    TrainingSettings Training,
    SearchSettings Search)
{
    /// <summary>The options of strategies by name, each in one line of YAML; those of others are the defaults.</summary>
    public IReadOnlyDictionary<string, string> Strategies { get; init; } = new Dictionary<string, string>();

    /// <summary>The user's own among <see cref="Tasks"/> by name, each described in one line of YAML.</summary>
    public IReadOnlyDictionary<string, string> OwnTasks { get; init; } = new Dictionary<string, string>();
}
