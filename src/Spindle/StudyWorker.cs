using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Trials;

namespace Spindle;

/// <summary>The worker's side of a search with worker processes.</summary>
public static class StudyWorker
{
    /// <summary>Runs trials of a store until it is stopped.</summary>
    /// <param name="storeFile">The search's store.</param>
    /// <param name="tunedFolder">The folder for the tuned weights, or null.</param>
    /// <param name="stop">Stops the worker; the trial that runs then is put back.</param>
    /// <param name="strategies">The strategies that the study may name; Spindle's where null.</param>
    /// <param name="tasks">The tasks that the study may name; Spindle's where null.</param>
    /// <exception cref="FileNotFoundException">There is no such store.</exception>
    /// <exception cref="InvalidDataException">No search has begun in the store, or it is damaged.</exception>
    public static void Run(string storeFile, string? tunedFolder, CancellationToken stop, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null)
    {
        (strategies, tasks) = (strategies ?? StrategyRegistry.Default, tasks ?? TaskCatalogue.Default);
        using var store = SqliteTrialStore.Open(storeFile);
        var record = store.Study ?? throw new InvalidDataException($"{storeFile}: no search has begun in this store; run 'spindle search'");
        using var tuner = new FineTuner(TrialRunner.OptionsOf(StudyYaml.Parse(record.Text, storeFile, strategies, tasks), strategies, tasks));
        new Worker(WorkerProcess.Name, store, new TrialRunner(tuner), tunedFolder).Run(stop);
    }
}
