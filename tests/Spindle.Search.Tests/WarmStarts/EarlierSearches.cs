using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.WarmStarts;

namespace Spindle.Search.Tests.WarmStarts;

/// <summary>Earlier searches for tests.</summary>
internal static class EarlierSearches
{
    /// <summary>A simulated search of a task, as a later one reads it.</summary>
    /// <param name="problem">The later problem.</param>
    /// <param name="first">The earlier problem.</param>
    /// <param name="task">The earlier task.</param>
    /// <param name="store">The store's name.</param>
    public static EarlierStudy Of(SearchProblem problem, SearchProblem first, SmoothLandscape task, string store = "earlier.db")
    {
        var search = SimulatedSearch.Run(first, task.Score);
        return EarlierStores.Of(problem, store, store, StudyRecord.Of(first, "joint"), search.Stages, search.Trials);
    }
}
