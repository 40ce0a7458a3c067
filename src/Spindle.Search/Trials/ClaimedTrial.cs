namespace Spindle.Search.Trials;

/// <summary>A trial that a worker may run.</summary>
/// <param name="Id">The trial's number.</param>
/// <param name="Spec">What to run.</param>
/// <param name="Token">Proves the claim; worthless once the trial was put back.</param>
public sealed record ClaimedTrial(long Id, TrialSpec Spec, string Token);
