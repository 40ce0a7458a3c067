namespace Spindle.Search.Trials;

/// <summary>A trial that a worker has claimed.</summary>
/// <param name="Id">The trial's number.</param>
/// <param name="Spec">What to run.</param>
/// <param name="Token">Proves the claim. It becomes stale when the trial is released.</param>
public sealed record ClaimedTrial(long Id, TrialSpec Spec, string Token);
