using Spindle.Data.Tasks;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Search.Execution;

namespace Spindle;

/// <summary>How a worker runs that no search started.</summary>
public sealed record IndependentWorkerOptions
{
    /// <summary>The worker's name in the store, which no other worker has.</summary>
    public string Name { get; init; } = WorkerProcess.NewName;

    /// <summary>The folder for the tuned weights, as this machine sees it; null for where the search has it.</summary>
    public string? TunedFolder { get; init; }

    /// <summary>The time without a trial after which it ends.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The device that computes; null for the study's.</summary>
    public DeviceChoice? Device { get; init; }

    /// <summary>The strategies that the study can name.</summary>
    public StrategyRegistry Strategies { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks that the study can name.</summary>
    public TaskCatalogue Tasks { get; init; } = TaskCatalogue.Default;

    /// <summary>Called once where no search has been started on the store yet, or null.</summary>
    public Action? Waiting { get; init; }

    /// <summary>Called with the worker's name when it begins to claim trials, or null.</summary>
    public Action<string>? Started { get; init; }
}
