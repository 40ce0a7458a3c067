namespace Spindle.Training.Evaluation;

/// <summary>How fast a model predicts, as measured while it was scored. The time differs from run to run, so it does not count for equality.</summary>
/// <param name="MillisecondsPerRow">The wall-clock milliseconds of a row.</param>
/// <param name="BatchSize">The largest number of rows predicted at a time.</param>
public sealed record ScoringSpeed(double MillisecondsPerRow, int BatchSize)
{
    /// <inheritdoc/>
    public bool Equals(ScoringSpeed? other) => other is not null && BatchSize == other.BatchSize;

    /// <inheritdoc/>
    public override int GetHashCode() => BatchSize;
}
