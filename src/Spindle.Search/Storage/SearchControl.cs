namespace Spindle.Search.Storage;

/// <summary>What was asked of the search on a store, by a dashboard or by another program. The store keeps it, so that it reaches a search in another process and outlives whoever asked.</summary>
/// <param name="IsPaused">No further trial is claimed; those that run finish. A search that starts ends the pause.</param>
/// <param name="IsStopped">The search that runs now ends as with Ctrl-C. A search that starts takes this back.</param>
/// <param name="ExtraTime">The time that was added to the study's limit in time, over all searches on the store.</param>
public sealed record SearchControl(bool IsPaused = false, bool IsStopped = false, TimeSpan ExtraTime = default)
{
    /// <summary>The most time that can be added in all.</summary>
    public static readonly TimeSpan MostExtraTime = TimeSpan.FromDays(365);
}
