using Spindle.Metrics.Predictions;

namespace Spindle.Training.FineTuning;

/// <summary>What a training came to.</summary>
/// <param name="Score">The task's score in points (0 to 100; a correlation may be negative) after the last epoch, or before any training where there was no epoch; null where the training failed.</param>
/// <param name="Metrics">Each metric by name, as a fraction, after the last epoch.</param>
/// <param name="EpochScores">The score after each epoch, in points.</param>
/// <param name="Trained">Trained parameters, the head excluded.</param>
/// <param name="HeadParameters">Trained parameters of the head.</param>
/// <param name="ExampleSteps">Rows trained on, counted once in each epoch.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="Failure">Why the training failed, or null.</param>
public sealed record FineTuningResult(
    double? Score,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<double> EpochScores,
    long Trained,
    long HeadParameters,
    long ExampleSteps,
    double Seconds,
    string? Failure)
{
    /// <summary>What the tuned model predicted for every validation split; none where the training failed.</summary>
    public IReadOnlyList<SplitPredictions> Predictions { get; init; } = [];
}
