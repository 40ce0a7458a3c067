namespace Spindle.Training.Evaluation;

/// <summary>What a model says of a row.</summary>
/// <param name="Value">The class index or value; a number that is no label's where what was written names none, NaN where a text was asked for.</param>
/// <param name="Probabilities">The probability of each label; empty for a regression and for what was written.</param>
public sealed record Prediction(double Value, IReadOnlyList<double> Probabilities)
{
    /// <summary>What was written, or null where the model does not write.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the numbers that it was read off are finite: a model that training has wrecked says something nonetheless.</summary>
    public bool IsFinite { get; init; } = true;
}
