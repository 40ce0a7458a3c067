using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The answer of a policy.</summary>
/// <param name="Stages">The stages begun so far, in order.</param>
/// <param name="Trials">The unfinished trials that should run. New ones are numbered in this order.</param>
/// <param name="IsDone">Whether the search is over: nothing is left to run.</param>
public sealed record PolicyStep(IReadOnlyList<StageRecord> Stages, IReadOnlyList<TrialSpec> Trials, bool IsDone)
{
    /// <summary>The estimated number of trials that will be requested later, for display.</summary>
    public int TrialsToCome { get; init; }

    /// <summary>The epochs of those trials, for display.</summary>
    public long EpochsToCome { get; init; }

    /// <summary>What the current stage will decide, in a few words (<c>9 of 23 candidates enter the next rung</c>), for display; null where its record says it.</summary>
    public string? Decision { get; init; }

    /// <summary>The expected number of rungs, for display; null where the current stage is not a rung.</summary>
    public int? Rungs { get; init; }

    /// <summary>What a limit in time is expected to allow, in one sentence, for display once the first trial has shown the speed; null otherwise.</summary>
    public string? Outlook { get; init; }
}
