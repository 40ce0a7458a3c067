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
    public static EarlierStudy Of(SearchProblem problem, SearchProblem first, SmoothLandscape task, string store = "earlier.db") => Of(problem, first, SimulatedSearch.Run(first, task.Score), store);

    /// <summary>A simulated search, as a later one reads it.</summary>
    /// <param name="problem">The later problem.</param>
    /// <param name="first">The earlier problem.</param>
    /// <param name="search">The earlier search.</param>
    /// <param name="store">The store's name.</param>
    public static EarlierStudy Of(SearchProblem problem, SearchProblem first, SimulatedSearch search, string store = "earlier.db") =>
        EarlierStores.Of(problem, store, store, StudyRecord.Of(first, "joint"), search.Stages, search.Trials);
}
