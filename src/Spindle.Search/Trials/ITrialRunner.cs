namespace Spindle.Search.Trials;

/// <summary>Runs trials. Contract: the score is a function of the study and the request alone. A training that diverges is an outcome with a
/// <see cref="TrialOutcome.Failure"/>, not an exception; an exception means that the trial could not be run at all.</summary>
public interface ITrialRunner
{
    /// <summary>Trains and scores.</summary>
    /// <param name="request">What to train, on which task.</param>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops the trial at the next step.</param>
    /// <exception cref="OperationCanceledException">The trial was stopped.</exception>
    TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop);
}
