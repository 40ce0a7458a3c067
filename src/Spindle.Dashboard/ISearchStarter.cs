namespace Spindle.Dashboard;

/// <summary>Starts a search on a store, in a process that outlives the dashboard. Members can be called from several threads.</summary>
public interface ISearchStarter
{
    /// <summary>Why no search can be started on a store, in one sentence, or null if one can.</summary>
    /// <param name="store">The store's file.</param>
    string? Obstacle(string store);

    /// <summary>Starts a search.</summary>
    /// <param name="store">The store's file.</param>
    void Start(string store);

    /// <summary>Why the search that was started last has failed, in one sentence; null where it has not.</summary>
    /// <param name="store">The store's file.</param>
    string? Failure(string store);
}
