using Spindle.Data.Tasks;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;

namespace Spindle;

/// <summary>Selects the trial of a study's final comparison to train again.</summary>
/// <param name="Store">The search's store.</param>
public sealed record StudyTrainingOptions(string Store)
{
    /// <summary>The option of the final comparison (<c>found</c>, a strategy's name, or a baseline's, such as <c>full</c>), or null for the found design, or the winner if no design was searched. Its seed with the best score is used.</summary>
    public string? Option { get; init; }

    /// <summary>The task's name. Can be null if the study has only one task.</summary>
    public string? Task { get; init; }

    /// <summary>The device that computes, instead of the study's; null for the study's.</summary>
    public DeviceChoice? Device { get; init; }

    /// <summary>The folder for the tuned model, or null to discard it.</summary>
    public string? Output { get; init; }

    /// <summary>Whether to replace a tuned model that is already in <see cref="Output"/>.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The strategies that the study can name.</summary>
    public StrategyRegistry Registry { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks that the study can name.</summary>
    public TaskCatalogue Tasks { get; init; } = TaskCatalogue.Default;
}
