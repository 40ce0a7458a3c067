using Spindle.Designs.Budgets;

namespace Spindle.Search.Studies;

/// <summary>What a search needs to know of a study: no model, no data and no training.</summary>
public sealed record SearchStudy
{
    /// <summary>The study's name.</summary>
    public required string Name { get; init; }

    /// <summary>The backbone, as the study names it.</summary>
    public required string Backbone { get; init; }

    /// <summary>The names of the tasks.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The budget of trained parameters.</summary>
    public required Budget Budget { get; init; }

    /// <summary>The space of designs.</summary>
    public SpaceSettings Space { get; init; } = new();

    /// <summary>How designs are searched.</summary>
    public SearchSettings Search { get; init; } = new();

    /// <summary>Epochs of a trial outside the final comparison, at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>The whole study as text, from which a worker reads it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Every setting of the study as text, by its key (<c>training.learning-rate</c>), defaults included.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The default of every setting that has one, by its key: what a store from before a setting existed is taken to say.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();
}
