using Spindle.Metrics.Predictions;
using Spindle.Training.Evaluation;

namespace Spindle.Training.FineTuning;

/// <summary>The result of a training run.</summary>
/// <param name="Score">The task's score in points (0 to 100; a correlation may be negative) after the last epoch, or of the initial model where there was no epoch, on the rows that select; null where the training failed.</param>
/// <param name="Metrics">Each metric by name, as a fraction, after the last epoch: on the validation rows where those were scored, else on the selection rows.</param>
/// <param name="EpochScores">The score after each epoch that was scored, in points: every epoch's, or the last one's.</param>
/// <param name="Trained">Trained parameters without the head.</param>
/// <param name="HeadParameters">Trained parameters of the head.</param>
/// <param name="ExampleSteps">Rows trained on, counted once per epoch.</param>
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
    /// <summary>Whether <see cref="FineTuningRequest.Ends"/> ended the training before its last step.</summary>
    public bool WasEnded { get; init; }

    /// <summary>The number of epochs that were finished; of an average, those of each of its runs.</summary>
    public int EpochsTrained { get; init; }

    /// <summary>The number of epochs before each of the <see cref="EpochScores"/>.</summary>
    public IEnumerable<int> ScoredEpochs => Enumerable.Range(EpochsTrained - EpochScores.Count + 1, EpochScores.Count);

    /// <summary>The score on the validation rows in points; null where they were not scored, or the training failed.</summary>
    public double? Validation { get; init; }

    /// <summary>The score on the validation rows after each epoch, in points; empty where they were scored at the end only.</summary>
    public IReadOnlyList<double> EpochValidations { get; init; } = [];

    /// <summary>The score on the labelled test rows of a user's own task in points; null where there are none, or they were not scored.</summary>
    public double? Test { get; init; }

    /// <summary>How fast the trained model predicts, measured while it was scored; null where the training failed. It differs from run to run.</summary>
    public ScoringSpeed? Speed { get; init; }

    /// <summary>The stored parameters that stay beside the backbone when everything else is merged into it, without the head's; null where the validation rows were not scored, or the training failed.</summary>
    public long? RemainingParameters { get; init; }

    /// <summary>Why a first training failed, where the model was trained again at a third of its learning rates; null otherwise. See <see cref="FineTuningRequest.RetriesDivergence"/>.</summary>
    public string? Diverged { get; init; }

    /// <summary>Why the tuned model could not be written, or null. The score stands.</summary>
    public string? Unsaved { get; init; }

    /// <summary>The predictions of the tuned model on every validation split; empty if the training failed.</summary>
    public IReadOnlyList<SplitPredictions> Predictions { get; init; } = [];
}
