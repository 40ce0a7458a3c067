using System.Diagnostics;
using Spindle.Data.Tasks;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;

namespace Spindle;

/// <summary>How a search is run. None of these options changes its results, except that another device changes their last digits.</summary>
public sealed record StudySearchOptions
{
    /// <summary>The location of the store that keeps every trial, so that the search can be resumed: a file, or the address of a database (see <see cref="TrialStores"/>); null keeps trials in memory.</summary>
    public string? Store { get; init; }

    /// <summary>Opens a store of another kind, which the search disposes; null for <see cref="Store"/>. Trials then run in this process.</summary>
    public Func<ITrialStore>? OpenStore { get; init; }

    /// <summary>The folder for the tuned weights, with one folder per task; null keeps none.</summary>
    public string? TunedFolder { get; init; }

    /// <summary>Whether models of another study in <see cref="TunedFolder"/> are deleted; by default the folder is refused.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The number of trials that run in parallel, at least 1, or 0 with a <see cref="WorkerProgram"/> to run none and wait for workers that others start; null for as many as make the search faster, by a short measurement, and fit in memory. More than one needs <see cref="WorkerProgram"/>.</summary>
    public int? Workers { get; init; }

    /// <summary>The device that computes, instead of the study's; null for the study's. Several GPUs share the workers.</summary>
    public DeviceChoice? Device { get; init; }

    /// <summary>Creates the start information of a worker process from a store and a folder for tuned weights; null runs trials in this process. The worker process must call <see cref="StudyWorker.Run"/>.</summary>
    public Func<string, string?, ProcessStartInfo>? WorkerProgram { get; init; }

    /// <summary>The command that starts the search, for reports; null where a program starts it.</summary>
    public string? Command { get; init; }

    /// <summary>Creates the policy; null for the one that the study names.</summary>
    public Func<SearchProblem, ISearchPolicy>? Policy { get; init; }

    /// <summary>The strategies that the study can name.</summary>
    public StrategyRegistry Strategies { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks that the study can name.</summary>
    public TaskCatalogue Tasks { get; init; } = TaskCatalogue.Default;
}
