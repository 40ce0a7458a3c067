namespace Spindle.Training.FineTuning;

/// <summary>The progress of a training run.</summary>
/// <param name="Step">Completed steps.</param>
/// <param name="Steps">All steps.</param>
/// <param name="Examples">Rows trained on so far.</param>
/// <param name="Loss">The last step's loss, or null between epochs.</param>
public sealed record TrainingProgress(int Step, int Steps, long Examples, double? Loss)
{
    /// <summary>The score in points after each earlier epoch that was scored; empty while several runs are averaged.</summary>
    public IReadOnlyList<double> EpochScores { get; init; } = [];
}
