using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>What a policy answers.</summary>
/// <param name="Stages">The stages begun so far, in order.</param>
/// <param name="Trials">The trials that should run and have not ended, in the order in which they are numbered where they are new.</param>
/// <param name="IsDone">Whether the search is over: nothing is left to run.</param>
public sealed record PolicyStep(IReadOnlyList<StageRecord> Stages, IReadOnlyList<TrialSpec> Trials, bool IsDone)
{
    /// <summary>About how many trials will be requested later, for display.</summary>
    public int TrialsToCome { get; init; }

    /// <summary>The epochs of those trials, for display.</summary>
    public long EpochsToCome { get; init; }
}
