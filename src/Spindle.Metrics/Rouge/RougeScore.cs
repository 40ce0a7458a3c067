namespace Spindle.Metrics.Rouge;

/// <summary>The overlap of a text with its reference.</summary>
/// <param name="Precision">The share of the text that is in the reference, from 0 to 1.</param>
/// <param name="Recall">The share of the reference that is in the text, from 0 to 1.</param>
public readonly record struct RougeScore(double Precision, double Recall)
{
    /// <summary>The harmonic mean of both; 0 if both are 0.</summary>
    public double F => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;
}
