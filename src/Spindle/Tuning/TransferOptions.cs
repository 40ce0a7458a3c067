using Spindle.Data.Tasks;
using Spindle.Designs.Budgets;
using Spindle.Models.Tuning;
using Spindle.Studies;

namespace Spindle.Tuning;

/// <summary>Which design of a search to carry over, and to what.</summary>
/// <param name="Store">The search's store.</param>
public sealed record TransferOptions(string Store)
{
    /// <summary>The option of the final comparison (<c>found</c>, a strategy's name, or a baseline's), or null for the found design, or the winner if no design was searched.</summary>
    public string? Option { get; init; }

    /// <summary>The name of the new study, or null for the search's.</summary>
    public string? Name { get; init; }

    /// <summary>The other backbone, or null for the search's.</summary>
    public string? Backbone { get; init; }

    /// <summary>The other budget, or null for the search's.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The other tasks, or null for the search's.</summary>
    public IReadOnlyList<StudyTask>? Tasks { get; init; }

    /// <summary>The folder of the tasks' data, or null for the search's.</summary>
    public string? Data { get; init; }

    /// <summary>The strategies that the search's study can name.</summary>
    public StrategyRegistry Registry { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks that the search's study can name.</summary>
    public TaskCatalogue Catalogue { get; init; } = TaskCatalogue.Default;
}
