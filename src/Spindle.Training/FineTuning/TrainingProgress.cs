namespace Spindle.Training.FineTuning;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Examples">Rows trained on so far.</param>
/// <param name="Loss">The last step's loss, or null between epochs.</param>
public sealed record TrainingProgress(int Step, int Steps, long Examples, double? Loss);
