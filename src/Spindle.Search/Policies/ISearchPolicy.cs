using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>Decides which trials a search runs. A policy is created for one problem and does its own sampling. Contract:
/// <list type="bullet">
/// <item><see cref="Next"/> is a function of the problem and of the finished trials. It depends neither on their order, nor on who ran them, nor on earlier calls.
/// An interrupted search therefore resumes as if nothing had happened.</item>
/// <item>A request is never withdrawn: once a trial was requested, it stays requested until it has finished.</item>
/// <item>It never requests more than <see cref="MaximumTrials"/> trials in total.</item>
/// </list></summary>
public interface ISearchPolicy
{
    /// <summary>The policy's name. A store records it, and a search on that store continues only with a policy of the same name.</summary>
    string Name { get; }

    /// <summary>The largest possible number of trials of the search, for display and for limits.</summary>
    long MaximumTrials { get; }

    /// <summary>The most rows that the search trains on, counted once for every epoch, for display; null where it is not known.</summary>
    long? MaximumExamples => null;

    /// <summary>What a limit is expected to allow, in one sentence, for display before the search starts; null where nothing is limited, or it is not known yet.</summary>
    string? Outlook => null;

    /// <summary>Rejects a problem that no design can solve, before anything is trained.</summary>
    /// <exception cref="InvalidDataException">No design fits the budget, but the policy needs one.</exception>
    void RequireFeasible();

    /// <summary>The stages so far and the trials that should run now. Called at the start and whenever a trial has finished.</summary>
    /// <param name="finished">All finished trials of the study.</param>
    PolicyStep Next(FinishedTrials finished);
}
