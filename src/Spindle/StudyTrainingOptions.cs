using Spindle.Data.Tasks;
using Spindle.Models.Tuning;

namespace Spindle;

/// <summary>Which trial of a study's final comparison is trained again.</summary>
/// <param name="Store">The search's store.</param>
public sealed record StudyTrainingOptions(string Store)
{
    /// <summary>The side of the final comparison (<c>found</c>, a strategy's name, <c>full</c>); the found design where null. Of its seeds the one with the best score is taken.</summary>
    public string? Option { get; init; }

    /// <summary>The task's name; may be null where the study has one task.</summary>
    public string? Task { get; init; }

    /// <summary>The folder for the tuned model, or null to drop it.</summary>
    public string? Output { get; init; }

    /// <summary>Whether a tuned model that is in <see cref="Output"/> already is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The strategies that the study may name.</summary>
    public StrategyRegistry Registry { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks that the study may name.</summary>
    public TaskCatalogue Tasks { get; init; } = TaskCatalogue.Default;
}
