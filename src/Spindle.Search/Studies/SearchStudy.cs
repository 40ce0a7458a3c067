using Spindle.Designs;
using Spindle.Designs.Budgets;

namespace Spindle.Search.Studies;

/// <summary>The part of a study that a search needs: no model, no data and no training.</summary>
public sealed record SearchStudy
{
    /// <summary>The study's name.</summary>
    public required string Name { get; init; }

    /// <summary>The backbone's name in the study.</summary>
    public required string Backbone { get; init; }

    /// <summary>The names of the tasks.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The budget of trained parameters.</summary>
    public required Budget Budget { get; init; }

    /// <summary>Smaller budgets that are tried too; empty for none.</summary>
    public IReadOnlyList<Budget> SmallerBudgets { get; init; } = [];

    /// <summary>The space of designs.</summary>
    public SpaceSettings Space { get; init; } = new();

    /// <summary>The settings of the search.</summary>
    public SearchSettings Search { get; init; } = new();

    /// <summary>The epochs of a trial outside the final comparison, at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>The number of runs that every trial trains and averages.</summary>
    public int AveragedRuns { get; init; } = 1;

    /// <summary>The learning rates that every option of the final comparison is tried at, ascending; empty for the study's only rate.</summary>
    public IReadOnlyList<LearningRate> LearningRates { get; init; } = [];

    /// <summary>The combinations of the other settings that the study lists, its own first; empty if it lists none.</summary>
    public IReadOnlyList<SettingCombination> Combinations { get; init; } = [];

    /// <summary>Whether the head has the same learning rate in every trial, so that training the head alone does not depend on <see cref="LearningRates"/>.</summary>
    public bool HeadRateIsFixed { get; init; }

    /// <summary>The number of selection splits, or null for several where the training rows are few, see <see cref="SearchProblem.SelectionSplits"/>.</summary>
    public int? SelectionSplits { get; init; } = 1;

    /// <summary>The designs among the baselines, by their names.</summary>
    public IReadOnlyDictionary<string, Design> BaselineDesigns { get; init; } = new Dictionary<string, Design>();

    /// <summary>The whole study as text, which workers read.</summary>
    public string Text { get; init; } = "";

    /// <summary>Every setting of the study as text, by its key (<c>training.learning-rate</c>), defaults included.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The settings with paths as the current folder sees them, which is how older stores keep them.</summary>
    public IReadOnlyDictionary<string, string> FormerSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder that the study's relative paths start from, seen from the store's folder; null for a store in memory.</summary>
    public string? Folder { get; init; }

    /// <inheritdoc cref="StudyRecord.Models"/>
    public string? Models { get; init; }

    /// <summary>Reads the settings of a store's study text as this version writes them, so that an option added by a later version does not count as a difference.
    /// Null if the text cannot be read.</summary>
    public Func<string, IReadOnlyDictionary<string, string>?> ReadSettings { get; init; } = _ => null;

    /// <summary>The defaults of settings, by key. An older store without a setting is read as having its default.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();
}
