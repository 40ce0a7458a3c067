using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>Decides which trials a search runs. A policy is made for one problem and owns its sampling. Contract:
/// <list type="bullet">
/// <item><see cref="Next"/> is a function of the problem and of the trials that have ended: neither their order nor who ran them counts, and neither does any earlier call.
/// A search that was interrupted therefore goes on as if it had not been.</item>
/// <item>What was requested once is requested, or has ended, ever after: more finished trials never take a request back.</item>
/// <item>It never requests more than <see cref="MostTrials"/> trials in all.</item>
/// </list></summary>
public interface ISearchPolicy
{
    /// <summary>The most trials that the search can have, for display and for limits.</summary>
    long MostTrials { get; }

    /// <summary>Refuses a problem that no design can solve, before anything is trained.</summary>
    /// <exception cref="InvalidDataException">No design fits the budget where one is needed.</exception>
    void RequireFeasible();

    /// <summary>What is known and what should run now. Asked at the start and whenever a trial has ended.</summary>
    /// <param name="finished">Every trial of the study that has ended.</param>
    PolicyStep Next(FinishedTrials finished);
}
