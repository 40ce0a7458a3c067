using System.Diagnostics;
using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Search.Policies;
using Spindle.Search.Studies;

namespace Spindle;

/// <summary>How a study is searched; nothing here changes its numbers.</summary>
public sealed record StudySearchOptions
{
    /// <summary>The file that keeps every trial, so that the search can go on after a stop; null keeps them in memory.</summary>
    public string? Store { get; init; }

    /// <summary>The folder for the tuned weights, one folder for each task; null keeps none.</summary>
    public string? TunedFolder { get; init; }

    /// <summary>Trials that run at a time, at least 1; null for as many as the cores hold. More than one needs <see cref="WorkerProgram"/>.</summary>
    public int? Workers { get; init; }

    /// <summary>Makes what starts a worker process on a store and a folder for tuned weights; null runs trials in this process. The process must call <see cref="StudyWorker.Run"/>.</summary>
    public Func<string, string?, ProcessStartInfo>? WorkerProgram { get; init; }

    /// <summary>Makes the policy; the one that the study names where null.</summary>
    public Func<SearchProblem, ISearchPolicy>? Policy { get; init; }

    /// <summary>The strategies that the study may name.</summary>
    public StrategyRegistry Strategies { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks that the study may name.</summary>
    public TaskCatalogue Tasks { get; init; } = TaskCatalogue.Default;
}
