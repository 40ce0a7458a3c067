namespace Spindle.Metrics.Rouge;

/// <summary>How much of a reference a text says, and how much of the text the reference says.</summary>
/// <param name="Precision">The share of the text that the reference has, from 0 to 1.</param>
/// <param name="Recall">The share of the reference that the text has, from 0 to 1.</param>
public readonly record struct RougeScore(double Precision, double Recall)
{
    /// <summary>The harmonic mean of both; 0 where both are.</summary>
    public double F => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;
}
