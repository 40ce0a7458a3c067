using Spindle.Designs.Plans;

namespace Spindle.Training.FineTuning;

/// <summary>A request for one training run.</summary>
/// <param name="Plan">What is trained, with its sizes.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Seed">The seed of initial values, row order and dropout.</param>
public sealed record FineTuningRequest(TuningPlan Plan, string Task, int Seed)
{
    /// <summary>Passes over the training rows, or null for the number in the settings.</summary>
    public int? Epochs { get; init; }

    /// <summary>The number of sampled training rows to use, or null for all of them.</summary>
    public int? TrainingRows { get; init; }

    /// <summary>The learning rate after the warm-up, or null for the rate in the settings.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Whether the validation rows are scored at the end, where the selection rows select; they always are where the validation rows select.</summary>
    public bool ScoresValidation { get; init; } = true;

    /// <summary>The folder for the tuned model, or null to discard it.</summary>
    public string? Output { get; init; }
}
