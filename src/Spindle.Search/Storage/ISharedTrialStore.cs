using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>A store that several processes open: what reports, dashboards and workers read of it besides what a search needs.</summary>
public interface ISharedTrialStore : ITrialStore
{
    /// <summary>Whether a search is running on the store.</summary>
    bool IsDriven { get; }

    /// <summary>A page of the trials that pass a filter. Of long rows it reads only those that it returns.</summary>
    /// <param name="filter">Which trials, in what order.</param>
    TrialPage Page(TrialFilter filter);

    /// <summary>One trial, or null where the number is unknown.</summary>
    /// <param name="id">The trial's number.</param>
    Trial? Find(long id);

    /// <summary>The trials of one design of an option, on all tasks.</summary>
    /// <param name="key">The key of one of them.</param>
    IReadOnlyList<Trial> OfDesign(TrialKey key);
}
