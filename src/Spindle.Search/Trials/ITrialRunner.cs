namespace Spindle.Search.Trials;

/// <summary>Runs trials. Contract: the score is a function only of the study and the request. A training run that diverges is an outcome with a
/// <see cref="TrialOutcome.Failure"/>. An exception means that the trial could not be run.</summary>
public interface ITrialRunner
{
    /// <summary>Trains and scores a model.</summary>
    /// <param name="request">What to train, and on which task.</param>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops the trial at the next step.</param>
    /// <exception cref="OperationCanceledException">The trial was stopped.</exception>
    TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop);
}
