namespace Spindle.Training.Evaluation;

/// <summary>How fast a model predicts, as measured while it was scored. It differs from run to run.</summary>
/// <param name="MillisecondsPerRow">The wall-clock milliseconds of a row.</param>
/// <param name="BatchSize">The largest number of rows predicted at a time.</param>
public sealed record ScoringSpeed(double MillisecondsPerRow, int BatchSize);
