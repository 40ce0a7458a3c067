using Spindle.Search.Studies;

namespace Spindle.Search.Policies;

/// <summary>The number of trials that a search may have: each is a row of the store from the moment it is requested, a kilobyte or more.</summary>
public static class MostTrials
{
    /// <summary>That number. The paper's protocol has about 70,000.</summary>
    public const long Count = 500_000;

    /// <summary>Refuses a search with more trials, before anything is drawn or stored.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="policy">Its policy.</param>
    /// <exception cref="InvalidDataException">There are more; the message names the settings to lower.</exception>
    public static void Require(SearchProblem problem, ISearchPolicy policy)
    {
        var settings = problem.Study.Search;
        // policies may draw all designs to tell their number
        var trials = Math.Max((long)settings.SamplesPerOption, settings.FinalSeeds) * problem.Tasks.Count;
        if (trials <= Count) trials = policy.MaximumTrials;
        if (trials <= Count) return;
        throw new InvalidDataException(FormattableString.Invariant(
            $"study {problem.Study.Name}: samples-per-option {settings.SamplesPerOption}, final-seeds {settings.FinalSeeds} and {problem.Tasks.Count} tasks ask for up to {trials:N0} trials, and a search may have {Count:N0}; lower 'samples-per-option' or 'final-seeds'"));
    }
}
