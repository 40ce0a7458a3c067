using Spindle.Metrics.Predictions;

namespace Spindle.Search.Trials;

/// <summary>The outcome of a trial.</summary>
/// <param name="Score">The task's score in points (0 to 100; a correlation may be negative), of the last epoch, on the rows that select; where the training diverged, the score of guessing, or null if that is not known.</param>
/// <param name="Metrics">Each metric of the last epoch by name, as a fraction: on the validation rows where those were scored, else on the rows that select.</param>
/// <param name="EpochScores">The score after each epoch that was scored, in points: after the last one only, unless every epoch is. See <see cref="Trial.ScoresByEpoch"/>.</param>
/// <param name="Trained">Trained parameters of the strategies, without the head.</param>
/// <param name="HeadParameters">Trained parameters of the head.</param>
/// <param name="ExampleSteps">Rows trained on, counted once per epoch.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="Failure">Why the trial failed (a loss that is not a number), or null.</param>
public sealed record TrialOutcome(
    double? Score,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<double> EpochScores,
    long Trained,
    long HeadParameters,
    long ExampleSteps,
    double Seconds,
    string? Failure)
{
    /// <summary>The score on the validation rows in points, where they were scored; the same as <see cref="Score"/> where the validation rows select.</summary>
    public double? Validation { get; init; }

    /// <summary>The score on labelled test rows in points, where there are any and they were scored.</summary>
    public double? Test { get; init; }

    /// <summary>The wall-clock milliseconds in which the trained model predicts a row, measured while it was scored; null if that is not known. It differs from run to run.</summary>
    public double? MillisecondsPerRow { get; init; }

    /// <summary>The number of rows that were predicted at a time; null if that is not known.</summary>
    public int? ScoringBatch { get; init; }

    /// <summary>The stored parameters that stay beside the backbone when everything else is merged into it, without the head's; null for others than finalists, and if that is not known.</summary>
    public long? RemainingParameters { get; init; }

    /// <summary>Why a first training diverged, where the score is that of a second one at a third of the learning rate; null otherwise.</summary>
    public string? Diverged { get; init; }

    /// <summary>Why the tuned weights could not be written, or null.</summary>
    public string? Unsaved { get; init; }

    /// <summary>The predictions of the trained model on every validation split; empty if the trial failed, or if predictions are not kept.</summary>
    public IReadOnlyList<SplitPredictions> Predictions { get; init; } = [];
}
