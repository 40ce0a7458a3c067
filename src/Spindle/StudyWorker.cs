using System.Diagnostics;
using Spindle.Data.Tasks;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Trials;

namespace Spindle;

/// <summary>The worker process of a search.</summary>
public static class StudyWorker
{
    /// <summary>The environment variable by which a search tells a worker its device.</summary>
    internal const string DeviceVariable = "SPINDLE_DEVICE";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>Runs trials for a search that started this process, until stopped.</summary>
    /// <param name="location">The location of the search's store.</param>
    /// <param name="tunedFolder">The folder for the tuned weights, or null.</param>
    /// <param name="stop">Stops the worker. The running trial is released.</param>
    /// <param name="strategies">The strategies that the study can name, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that the study can name, or null for Spindle's.</param>
    /// <exception cref="FileNotFoundException">The store does not exist.</exception>
    /// <exception cref="InvalidDataException">No search has been started on the store, or it is damaged.</exception>
    public static void Run(string location, string? tunedFolder, CancellationToken stop, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null)
    {
        using var store = TrialStores.Open(location);
        var record = store.Study ?? throw new InvalidDataException($"{store.Name}: no search has been started on this store; start one on it");
        // the search gives each worker its device
        var device = Environment.GetEnvironmentVariable(DeviceVariable) is { Length: > 0 } given && DeviceChoice.TryParse(given, out var parsed) ? parsed : (DeviceChoice?)null;
        using var tuner = Tuner(record, location, device, strategies, tasks, out var scoresEveryEpoch);
        new Worker(WorkerProcess.Name, store, new UnchangedRows(new TrialRunner(tuner, scoresEveryEpoch), tuner, record, store.Name), tunedFolder).Run(stop);
    }

    /// <summary>Runs trials for the searches on a store, from any machine that reaches the store and the study's files: until the study ends, until no trial has come for a while, or until stopped.</summary>
    /// <param name="location">The location of the store, which need not exist yet.</param>
    /// <param name="options">How it runs, or null for the defaults.</param>
    /// <param name="stop">Stops the worker. It writes where the running trial stands to the folder for the tuned weights, and releases it.</param>
    /// <exception cref="InvalidDataException">The store is damaged, or the folder for the tuned weights is not the study's.</exception>
    /// <exception cref="UnauthorizedAccessException">The store cannot be written.</exception>
    public static WorkerEnd RunIndependently(string location, IndependentWorkerOptions? options, CancellationToken stop)
    {
        options ??= new();
        using var store = WaitForStudy(location, options, stop);
        if (store?.Study is not { } record) return stop.IsCancellationRequested ? WorkerEnd.Stopped : WorkerEnd.Idle;
        var folder = options.TunedFolder ?? (record.Models is { } models ? StoredPath.Full(location, models) : null);
        if (folder is not null && !SearchFolder.IsOwned(folder))
            throw new InvalidDataException($"{folder}: holds no search's models; workers write their models and checkpoints to the search's own folder, so share it with this machine, or name where it is with --tuned");
        using var tuner = Tuner(record, location, options.Device, options.Strategies, options.Tasks, out var scoresEveryEpoch);
        var runner = new UnchangedRows(new TrialRunner(tuner, scoresEveryEpoch), tuner, record, store.Name);
        options.Started?.Invoke(options.Name);
        return new IndependentWorker(new(options.Name, store, runner, folder), store, options.IdleTimeout).Run(stop);
    }

    private static FineTuner Tuner(StudyRecord record, string location, DeviceChoice? device, StrategyRegistry? strategies, TaskCatalogue? tasks, out bool scoresEveryEpoch)
    {
        (strategies, tasks) = (strategies ?? StrategyRegistry.Default, tasks ?? TaskCatalogue.Default);
        var study = Study.OfStore(record, location, strategies, tasks);
        if (device is { } chosen) study = study with { Training = study.Training with { Device = chosen } };
        scoresEveryEpoch = study.Search.ScoresEveryEpoch;
        return new(TrialRunner.OptionsOf(study, strategies, tasks));
    }

    // workers may be started before the search
    private static ISharedTrialStore? WaitForStudy(string location, IndependentWorkerOptions options, CancellationToken stop)
    {
        var waited = Stopwatch.StartNew();
        for (var look = 0; ; look++)
        {
            var store = TrialStores.OpenExisting(location);
            if (store?.Study is not null) return store;
            store?.Dispose();
            if (look == 0) options.Waiting?.Invoke();
            if (waited.Elapsed > options.IdleTimeout || stop.WaitHandle.WaitOne(BetweenLooks)) return null;
        }
    }
}
