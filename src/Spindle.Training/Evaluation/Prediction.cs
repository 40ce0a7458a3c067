namespace Spindle.Training.Evaluation;

/// <summary>A model's prediction for a row.</summary>
/// <param name="Value">The class index or value. An index that is not a label's if the generated text is not a label; NaN for a text-to-text task.</param>
/// <param name="Probabilities">The probability of each label; empty for a regression and for generated text.</param>
public sealed record Prediction(double Value, IReadOnlyList<double> Probabilities)
{
    /// <summary>The name of the predicted label; null for a regression, a text-to-text task, and a generated text that is not a label.</summary>
    public string? Label { get; init; }

    /// <summary>The generated text, or null if the model does not generate text.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the underlying numbers are finite. A model that has diverged still returns predictions.</summary>
    public bool IsFinite { get; init; } = true;
}
