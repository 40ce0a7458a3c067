using Spindle.Designs.Shapes;
using Spindle.Models.Devices;
using Spindle.Search;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Search.WarmStarts;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;
using Spindle.Trials;

namespace Spindle;

/// <summary>Searches a study: <c>using var search = StudySearch.Prepare(Study.Read("study.yaml")); var result = search.Run();</c></summary>
public sealed class StudySearch : IDisposable
{
    private readonly StudySearchOptions options;
    private readonly FineTuner tuner;
    private readonly ITrialStore store;
    private readonly ISearchPolicy policy;
    private readonly Study study;
    private int running;

    // of the process: 1 while a search trains in it
    private static int training;

    private StudySearch(StudySearchOptions options, FineTuner tuner, ITrialStore store, Study study, SearchProblem problem, ISearchPolicy policy, IReadOnlyList<string> warnings) =>
        (this.options, this.tuner, this.store, this.study, Problem, this.policy, Warnings) = (options, tuner, store, study, problem, policy, warnings);

    /// <summary>The time that was added to the study's limit while an earlier search ran, see <see cref="SearchControl.ExtraTime"/>.</summary>
    public TimeSpan ExtraTime { get; private init; }

    /// <summary>The study's backbone, budget, space and tasks.</summary>
    public SearchProblem Problem { get; }

    /// <summary>Warnings about the machine and the tasks' rows, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The number of trials that this search runs in parallel: as many as were asked for, if they fit in memory; 0 where it waits for workers that others start.</summary>
    public int Workers { get; private init; }

    /// <summary>The device of each worker process; empty where trials run in this process.</summary>
    public IReadOnlyList<DeviceChoice> Devices { get; private init; } = [];

    /// <summary>The most trials that the search can run. A limit and trials that finished before make it fewer.</summary>
    public long MaximumTrials => policy.MaximumTrials;

    /// <summary>The most rows that the search trains on, counted once for every epoch; null where the policy does not know it.</summary>
    public long? MaximumExamples => policy.MaximumExamples;

    /// <summary>What the study's limit is expected to allow, in one sentence; null where nothing is limited, or it is not known yet.</summary>
    public string? Outlook => policy.Outlook;

    /// <summary>Reads backbone and rows, and checks everything that can be checked before training.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How to run the search, or null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">The backbone or a task's folder is missing.</exception>
    /// <exception cref="FileNotFoundException">A file of the backbone or of a task is missing.</exception>
    /// <exception cref="InvalidDataException">A file cannot be read, a setting is out of range, no design fits the budget, a store of an earlier search cannot be used, the store belongs to another study, or the tuned folder does (<see cref="OtherStudyException"/>).</exception>
    /// <exception cref="ArgumentException">The options ask for several workers without a <see cref="StudySearchOptions.WorkerProgram"/>, or exclude each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for fewer workers than none, or for none where trials run in this process.</exception>
    /// <exception cref="UnauthorizedAccessException">The store or the folder for the tuned weights cannot be written.</exception>
    /// <exception cref="IOException">The disk is full, there is a file in the place of that folder, or another program locks the store.</exception>
    public static StudySearch Prepare(Study study, StudySearchOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers ?? 1, options.WorkerProgram is null ? 1 : 0, nameof(options));
        if (options is { WorkerProgram: null, Workers: > 1 })
            throw new ArgumentException("several workers must be processes, because libtorch has one random generator per process; set WorkerProgram, or leave out Workers", nameof(options));
        if (options is { WorkerProgram: not null, Store: null }) throw new ArgumentException("worker processes need a store that they can open; set Store", nameof(options));
        if (options is { OpenStore: not null, Store: not null }) throw new ArgumentException("set Store or OpenStore, not both", nameof(options));
        // a study that a program builds has the same ranges and names as a file, and workers read the same text
        study = StudyYaml.Parse(StudyYaml.Write(study), $"study {study.Name}", options.Strategies, options.Tasks) with { Folder = study.Folder, Tasks = study.Tasks };
        if (options.TunedFolder is { } tuned) TunedFolder.RequireWritable(tuned);
        FineTuner? tuner = null;
        var store = options.OpenStore?.Invoke();
        try
        {
            // an existing store is only read, so that what is refused leaves everything unchanged
            using var existing = OpenExisting(options);
            var begun = (store ?? existing)?.Study;
            var device = options.Device ?? study.Training.Device;
            var gpus = ComputeDevices.OfMachine.Allowed(device);
            study = Resolved(study, options, begun, device);
            // where workers train, this process trains nothing and leaves the GPUs to them
            var here = study with { Training = study.Training with { Device = options.WorkerProgram is null ? device : DeviceChoice.Cpu } };
            tuner = new FineTuner(TrialRunner.OptionsOf(here, options.Strategies, options.Tasks) with { ReadsWeights = options.WorkerProgram is null });
            var (workers, devices, tooMany) = WorkersOf(options, study, tuner.Shape, gpus);
            List<string> warnings = [.. tuner.Warnings, .. tooMany is null ? [] : (string[])[tooMany]];
            var extraTime = (store ?? existing)?.Control().ExtraTime ?? TimeSpan.Zero;
            var problem = SearchProblem.Of(Longer(Searched(study, options), study, extraTime), tuner.Shape, tuner.Costs, task =>
            {
                var rows = tuner.Task(task);
                warnings.AddRange(rows.Warnings);
                return TaskFacts.Of(tuner, task);
            }) with
            { Workers = Math.Max(1, workers), Run = RunFacts.Of(workers, devices, options), SharesDraws = begun?.SharesDraws ?? true };
            // an interrupted search resumes with the scores that it began with
            problem = problem with { Earlier = begun?.Earlier ?? EarlierStores.Read(problem, [.. study.Search.From.Zip(study.FromPlaces)], options.Store) };
            var policy = options.Policy?.Invoke(problem) ?? SearchPolicies.Create(problem);
            MostTrials.Require(problem, policy);
            policy.RequireFeasible();
            if (options.TunedFolder is { } models) SearchFolder.Require(models, StudyRecord.Of(problem, policy.Name), store ?? existing, options.Overwrite);
            store ??= options.Store is { } location ? TrialStores.OpenOrCreate(location) : new InMemoryTrialStore();
            return new(options, tuner, store, study, problem, policy, warnings) { Workers = workers, Devices = devices, ExtraTime = extraTime };
        }
        catch
        {
            store?.Dispose();
            tuner?.Dispose();
            throw;
        }
    }

    /// <summary>Prepares and runs a search.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How to run the search, or null for the defaults.</param>
    /// <param name="progress">Receives reports several times a second, or null.</param>
    /// <param name="stop">Stops the search. Finished trials are kept in the store.</param>
    /// <inheritdoc cref="Prepare" path="/exception"/>
    /// <inheritdoc cref="Run(IProgress{SearchProgress}?, CancellationToken)" path="/exception"/>
    public static StudyResult Run(Study study, StudySearchOptions? options = null, IProgress<SearchProgress>? progress = null, CancellationToken stop = default)
    {
        using var search = Prepare(study, options);
        return search.Run(progress, stop);
    }

    /// <summary>Runs the search to its end. Resumes it if the store already has trials.</summary>
    /// <param name="progress">Receives reports on the calling thread several times a second, or null.</param>
    /// <param name="stop">Stops the search. Finished trials are kept in the store.</param>
    /// <exception cref="InvalidDataException">The store belongs to another study or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">The store or the folder for tuned weights cannot be written.</exception>
    /// <exception cref="IOException">The disk is full, or another program locks the store.</exception>
    /// <exception cref="InvalidOperationException">This search is already running, or another one trains in this process.</exception>
    /// <exception cref="SearchException">Another search is running on the store, the store was deleted or replaced, no trial of an option could be run, or the workers keep dying.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public StudyResult Run(IProgress<SearchProgress>? progress = null, CancellationToken stop = default)
    {
        if (Interlocked.Exchange(ref running, 1) == 1) throw new InvalidOperationException("this search is already running; wait for it");
        var trainsHere = options.WorkerProgram is null;
        try
        {
            if (trainsHere && Interlocked.Exchange(ref training, 1) == 1)
            {
                trainsHere = false;
                throw new InvalidOperationException("another search is already running in this process; wait for it, or set WorkerProgram to train in other processes");
            }

            using IWorkerPool pool = options.WorkerProgram is { } program
                ? new WorkerProcesses(Workers, worker =>
                {
                    var info = program(TrialStores.NameOf(options.Store!), options.TunedFolder);
                    TrialStores.PassPassword(options.Store!, info);
                    info.Environment[StudyWorker.DeviceVariable] = Devices[worker].ToString();
                    return info;
                })
                : new InProcessWorkers(new TrialRunner(tuner, study.Search.ScoresEveryEpoch), 1, options.TunedFolder);
            if (options.TunedFolder is { } folder)
            {
                // not while another search runs on the store
                using var driver = store.LockForDriver();
                SearchFolder.Claim(folder, StudyRecord.Of(Problem, policy.Name), options.Store, store, options.Overwrite);
            }

            return new SearchSession(Problem, policy, store, pool, new() { TunedFolder = options.TunedFolder, HasOtherWorkers = HasOtherWorkers, ExtraTime = ExtraTime, WithExtraTime = study.Search.Limit.Time is null ? null : WithExtraTime }).Run(progress, stop);
        }
        finally
        {
            if (trainsHere) Volatile.Write(ref training, 0);
            Volatile.Write(ref running, 0);
        }
    }

    /// <summary>The result of the trials in the store so far.</summary>
    /// <exception cref="InvalidDataException">No search has been started, or the store is damaged.</exception>
    public StudyResult Result() => StudyResult.Of(store);

    /// <summary>The trials in the store so far, in the order in which they were added.</summary>
    public IReadOnlyList<Trial> Trials() => store.Trials();

    /// <summary>The curve of the training loss in a trial's last run; empty where none was reported.</summary>
    /// <param name="trial">The trial's number.</param>
    public IReadOnlyList<LossPoint> Losses(long trial) => store.Losses(trial);

    /// <inheritdoc/>
    public void Dispose()
    {
        store.Dispose();
        tuner.Dispose();
    }

    private (SearchProblem Problem, ISearchPolicy Policy) WithExtraTime(TimeSpan extraTime)
    {
        var longer = Problem with { Study = Longer(Problem.Study, study, extraTime) };
        return (longer, options.Policy?.Invoke(longer) ?? SearchPolicies.Create(longer));
    }

    // the text of the study, which the store keeps, does not change; without a limit in time, nothing is added
    private static SearchStudy Longer(SearchStudy searched, Study study, TimeSpan extraTime) => study.Search.Limit is not { Time: { } time } limit ? searched
        : searched with { Search = study.Search with { Limit = limit with { Time = time + extraTime } } };

    // others may have started workers on this store, on this machine or on another one
    private bool HasOtherWorkers => Workers == 0 || (options.Store is { } location && !TrialStores.IsFile(location));

    private static SearchStudy Searched(Study study, StudySearchOptions options) => SearchStudies.Of(study, options.Store, options.Strategies, options.Tasks) with
    {
        Models = options is { Store: { } store, TunedFolder: { } folder } ? StoredPath.Of(store, folder) : null,
    };

    // on GPUs, workers are as many as fit there, if no number is asked for; the machine's own memory and cores limit them too
    private static (int Workers, IReadOnlyList<DeviceChoice> Devices, string? Warning) WorkersOf(StudySearchOptions options, Study study, BackboneShape shape, IReadOnlyList<GpuDevice> gpus)
    {
        if (options.WorkerProgram is null) return (1, [], null);
        if (options.Workers == 0) return (0, [], null);
        var (each, cores) = (WorkerMemory.Estimate(shape, study), Math.Max(1, Environment.ProcessorCount / study.Training.Threads));
        int[] rooms = [.. gpus.Select(gpu => WorkerPlaces.Room(gpu, each))];
        var wanted = options.Workers ?? (rooms.Length == 0 ? WorkerSpeed.Useful(cores, workers => WorkerSpeed.Measure(workers * study.Training.Threads)) : (int)Math.Min(cores, rooms.Sum(room => (long)room)));
        var (workers, warning) = WorkerMemory.Fit(wanted, each, WorkerMemory.Free);
        return (workers, [.. rooms.Length == 0 ? Enumerable.Repeat(DeviceChoice.Cpu, workers) : WorkerPlaces.Assign(workers, rooms).Select(place => DeviceChoice.Gpu(gpus[place].Index))], warning);
    }

    private static ISharedTrialStore? OpenExisting(StudySearchOptions options) => options.Store is { } location ? TrialStores.OpenExisting(location) : null;

    // results depend on the precision and on the head's start, so a search resumes with those it started with, even on another machine or with a later version
    private static Study Resolved(Study study, StudySearchOptions options, StudyRecord? begun, DeviceChoice device)
    {
        var training = study.Training;
        var before = begun is { } record && (training.Precision == Precision.Auto || training.HeadStart == HeadStart.Auto)
            ? StudyYaml.Parse(record.Text, record.Name, options.Strategies, options.Tasks).Training
            : null;
        if (training.Precision == Precision.Auto) training = training with { Precision = before?.Precision ?? NativeBFloat16.Resolve(Precision.Auto, device) };
        // the paper's heads start at random
        if (training.HeadStart == HeadStart.Auto) training = training with { HeadStart = before?.HeadStart ?? (study.Search.Policy == ExhaustivePolicy.PolicyName ? HeadStart.Random : HeadStart.Auto) };
        return study with { Training = training };
    }
}
