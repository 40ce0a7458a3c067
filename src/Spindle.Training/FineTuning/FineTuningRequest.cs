using Spindle.Designs.Plans;

namespace Spindle.Training.FineTuning;

/// <summary>One training.</summary>
/// <param name="Plan">What is trained, with its sizes.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Seed">The seed of initial values, row order and dropout.</param>
public sealed record FineTuningRequest(TuningPlan Plan, string Task, int Seed)
{
    /// <summary>Passes over the training rows, or null for the settings' number.</summary>
    public int? Epochs { get; init; }

    /// <summary>How many of the drawn training rows are used, or null for all of them.</summary>
    public int? TrainingRows { get; init; }

    /// <summary>The learning rate after the warm-up, or null for the settings' rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Whether the validation rows are scored at the end, where the selection rows select; they always are where the validation rows select.</summary>
    public bool ScoresValidation { get; init; } = true;

    /// <summary>The folder for the tuned model, or null to drop it.</summary>
    public string? Output { get; init; }
}
