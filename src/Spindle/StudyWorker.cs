using Spindle.Data.Tasks;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Trials;

namespace Spindle;

/// <summary>The worker process of a search.</summary>
public static class StudyWorker
{
    /// <summary>The environment variable by which a search tells a worker its device.</summary>
    internal const string DeviceVariable = "SPINDLE_DEVICE";

    /// <summary>Runs trials from a store until stopped.</summary>
    /// <param name="storeFile">The search's store.</param>
    /// <param name="tunedFolder">The folder for the tuned weights, or null.</param>
    /// <param name="stop">Stops the worker. The running trial is released.</param>
    /// <param name="strategies">The strategies that the study can name, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that the study can name, or null for Spindle's.</param>
    /// <exception cref="FileNotFoundException">The store does not exist.</exception>
    /// <exception cref="InvalidDataException">No search has been started on the store, or it is damaged.</exception>
    public static void Run(string storeFile, string? tunedFolder, CancellationToken stop, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null)
    {
        (strategies, tasks) = (strategies ?? StrategyRegistry.Default, tasks ?? TaskCatalogue.Default);
        using var store = SqliteTrialStore.Open(storeFile);
        var record = store.Study ?? throw new InvalidDataException($"{storeFile}: no search has been started on this store; start one on it");
        var study = Study.OfStore(record, storeFile, strategies, tasks);
        // the search gives each worker its device
        if (Environment.GetEnvironmentVariable(DeviceVariable) is { Length: > 0 } given && DeviceChoice.TryParse(given, out var device))
            study = study with { Training = study.Training with { Device = device } };
        using var tuner = new FineTuner(TrialRunner.OptionsOf(study, strategies, tasks));
        new Worker(WorkerProcess.Name, store, new UnchangedRows(new TrialRunner(tuner, study.Search.ScoresEveryEpoch), tuner, record, storeFile), tunedFolder).Run(stop);
    }
}
