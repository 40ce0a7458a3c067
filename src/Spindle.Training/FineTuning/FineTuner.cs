using System.Diagnostics;
using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Devices;
using Spindle.Models.Heads;
using Spindle.Models.Interop;
using Spindle.Models.Lanes;
using Spindle.Models.Numerics;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;
using Spindle.Training.Specification;
using Spindle.Training.Tasks;
using Spindle.Training.Tuned;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>Fine-tunes one backbone repeatedly. Backbone and rows are loaded once, and every training run leaves the backbone unchanged.
/// A process runs one training at a time, whichever object runs it: libtorch has a single random generator and a single number of threads.</summary>
public sealed class FineTuner : IDisposable
{
    private readonly TrainingSettings settings;
    private readonly StrategyRegistry strategies;
    private readonly string folder;
    private readonly BackboneOptions loading;
    private IBackbone backbone;
    private double? dropout;
    private SpecificationBuilder specifications;
    private readonly TaskLibrary tasks;

    // of the process: 1 while any object runs a training
    private static int running;

    /// <summary>Loads the backbone.</summary>
    /// <param name="options">What to load, and how to train.</param>
    /// <exception cref="DirectoryNotFoundException">The backbone does not exist.</exception>
    /// <exception cref="FileNotFoundException">The backbone's folder has no tokenizer or no weights.</exception>
    /// <exception cref="InvalidDataException">A setting is out of range, or the backbone cannot be read.</exception>
    public FineTuner(FineTunerOptions options)
        : this(options, checksRanges: true)
    {
    }

    // tests make models diverge with learning rates that are not allowed
    internal FineTuner(FineTunerOptions options, bool checksRanges)
    {
        // for programs that use no other part of libtorch before
        IdleThreads.Sleep();
        KernelCache.Limit();
        LibtorchFolder.Use();
        (settings, strategies) = (options.Settings, options.Strategies);
        if (checksRanges) SettingDefinition.RequireInRange(settings);
        settings = settings with { Precision = NativeBFloat16.Resolve(settings.Precision, settings.Device) };
        folder = BackboneFolder.Locate(options.Backbone);
        var tokenizers = TextTokenizers.LoadPair(folder); // before the weights, which take longer to read
        dropout = settings.Dropout;
        loading = new()
        {
            FrozenType = FrozenTypes.Of(settings.Precision),
            Dropout = dropout,
            Layers = options.Layers,
            ActivationCheckpointing = settings.ActivationCheckpointing,
            Device = options.ReadsWeights ? ComputeDevices.OfMachine.Resolve(settings.Device) : META,
        };
        backbone = BackboneCatalogue.Load(folder, loading);
        specifications = new(options.Backbone, settings, options.Layers, backbone, folder, tokenizers);
        tasks = new(options.Tasks, options.Data, settings, EncoderOf, specifications.MaxLength, options.RowSeed);

        IExampleEncoder EncoderOf(TaskDefinition task) => specifications.PipelineOf(specifications.Of(task, new TuningPlan.Full())).Encoder;
    }

    /// <summary>How models are trained and scored, with the precision resolved.</summary>
    public TrainingSettings Settings => settings;

    /// <summary>The threads of a training run: those of the settings, at most as many as the machine has cores, since more of them only wait for each other.</summary>
    public int Threads => Math.Min(settings.Threads, Environment.ProcessorCount);

    /// <summary>Warnings about the settings on this machine, one sentence each.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. Threads == settings.Threads ? (string[])[]
            : [FormattableString.Invariant($"{settings.Threads} threads are more than this machine's {Threads} cores; {Threads} are used, which can change the last digits of results")],
        .. settings.GradientAccumulation <= settings.BatchSize || settings.TokensPerBatch is not null ? (string[])[]
            : [FormattableString.Invariant($"gradient-accumulation {settings.GradientAccumulation} is more than the {settings.BatchSize} rows of a step, which then has {settings.BatchSize} parts")],
    ];

    /// <summary>The shape of the backbone.</summary>
    public BackboneShape Shape => backbone.Shape;

    /// <summary>The costs of the strategies.</summary>
    public StrategyCosts Costs => strategies.Costs;

    /// <summary>Loads a task's rows as token ids.</summary>
    /// <exception cref="InvalidDataException">The task does not exist, or its files cannot be read.</exception>
    public EncodedTask Task(string name) => tasks.Get(name);

    /// <summary>The head of the models of a task.</summary>
    /// <exception cref="InvalidDataException">The task does not exist, its files cannot be read, or the backbone cannot answer it.</exception>
    public HeadKind HeadOf(string name) => specifications.Of(Task(name).Task, new TuningPlan.Full()).Head;

    /// <summary>Where a row of a task is, as <c>file:line</c>, or null where that is not known. Its files are read again, so this is for messages.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="digest">The row's digest, one of <see cref="EncodedTask.Digests"/>.</param>
    public string? PlaceOf(string name, ulong digest) => tasks.PlaceOf(name, digest);

    /// <summary>Sizes a design under a budget.</summary>
    /// <param name="design">The design.</param>
    /// <param name="budget">The budget.</param>
    /// <exception cref="InvalidDataException">The design and the backbone have different numbers of layers, a strategy is unknown, or the design does not fit the budget.</exception>
    public TuningPlan.Sized Size(Design design, Budget budget)
    {
        if (design.Layers != Shape.Layers.Count)
            throw new InvalidDataException($"the design has {design.Layers} layers, but {Shape.Name} has {Shape.Layers.Count}; for an encoder-decoder, the numbering 'sequential' counts every block as a layer");
        if (design.LayerStrategies().SelectMany(set => set).FirstOrDefault(name => !Costs.Contains(name)) is { } unknown)
            throw new InvalidDataException($"unknown strategy '{unknown}'; the strategies are {string.Join(", ", Costs.Names)}");
        var solved = BudgetSolver.Solve(design, budget.For(Shape.Parameters), Shape, Costs);
        if (solved is BudgetResult.Infeasible infeasible)
            throw new InvalidDataException(infeasible.Needed == 0 ? infeasible.Reason : $"the design does not fit the budget: {infeasible.Reason}; raise the budget");
        return solved.Require();
    }

    /// <summary>Trains and scores a model.</summary>
    /// <param name="request">What to train, and on which task.</param>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops the training at the next step.</param>
    /// <exception cref="InvalidDataException">A condition of the request is out of range, the plan does not fit the backbone, its parameter counts differ from this version's, or the task cannot be read.</exception>
    /// <exception cref="InvalidOperationException">A training is already running in this process, or the weights were not read.</exception>
    /// <exception cref="OperationCanceledException">The training run was stopped.</exception>
    public FineTuningResult Run(FineTuningRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken stop = default) =>
        Alone(() => Retried(request, Train(request, 1, progress, stop), progress, stop));

    /// <summary>Trains and scores several models that read the same rows in common passes over the backbone, see <see cref="LaneTrainer"/>. Each ends as <see cref="Run"/> would end it, except for
    /// rounding and for dropout's random numbers. Models that cannot share passes are trained one after the other. Nothing is kept to resume from.</summary>
    /// <param name="requests">What to train. They differ in plan, learning rate, options of strategies and output only.</param>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops the training at the next step.</param>
    /// <returns>The result of each request.</returns>
    /// <exception cref="ArgumentException">The requests differ in something else.</exception>
    /// <exception cref="InvalidDataException">See <see cref="Run"/>.</exception>
    /// <exception cref="InvalidOperationException">A training is already running in this process.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    public IReadOnlyList<FineTuningResult> RunTogether(IReadOnlyList<FineTuningRequest> requests, IProgress<TrainingProgress>? progress = null, CancellationToken stop = default)
    {
        if (requests.Select(Conditions).Distinct().Count() > 1)
            throw new ArgumentException("models that are trained together have the same task, rows, seed, epochs, batch size, dropout, and learning rate and start of the head", nameof(requests));
        return Alone(() => TrainTogether(requests, progress, stop));

        static object Conditions(FineTuningRequest request) => (
            (request.Task, request.TrainingRows, request.Split, request.UsesAllRows), request.Seed, request.Epochs, request.AveragedRuns, request.BatchSize, request.Dropout, request.HeadLearningRate, request.HeadStart, request.ScoresEveryEpoch);
    }

    /// <inheritdoc/>
    public void Dispose() => backbone.Dispose();

    // libtorch has a single random generator and a single number of threads
    private T Alone<T>(Func<T> train)
    {
        if (backbone.Device.type == DeviceType.META) throw new InvalidOperationException("the backbone's values were not read; set ReadsWeights");
        if (Interlocked.Exchange(ref running, 1) == 1) throw new InvalidOperationException("a training is already running in this process; wait for it, or train in another process");
        try
        {
            // another tuner may have set another number since
            set_num_threads(Threads);
            return train();
        }
        finally
        {
            FreedMemory.Return();
            Volatile.Write(ref running, 0);
        }
    }

    private FineTuningResult Retried(FineTuningRequest request, FineTuningResult result, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        if (result.Failure is not { } failure || result.WasEnded || !request.RetriesDivergence || request.Epochs == 0) return result;
        var again = Train(request, 1.0 / 3, progress, stop);
        return again with { Diverged = failure, ExampleSteps = result.ExampleSteps + again.ExampleSteps, Seconds = result.Seconds + again.Seconds };
    }

    private FineTuningResult Train(FineTuningRequest request, double rateFactor, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var prepared = Prepare(request, stop);
        var checkpoint = request.Checkpoint is { } file ? new TrainingCheckpoint(file, IdentityOf(), request.CheckpointInterval) : null;
        var run = prepared.Trainer.Train(prepared.Model, prepared.Task, prepared.Request with { RateFactor = rateFactor }, progress, stop, checkpoint);
        var result = Result(request, prepared, run, clock, stop);
        checkpoint?.Delete();
        return result;

        // everything that changes a step of the training
        string IdentityOf() => TrainingIdentity.Of(
            TunedRecord.Of(prepared.Specification, prepared.Strategies, backbone.Shape), prepared.Specification.Strategies, prepared.Settings, prepared.Task.Digests,
            [request.Seed, request.TrainingRows ?? -1, request.Split, request.UsesAllRows ? 1 : 0, prepared.Request.Epochs, prepared.Request.LearningRate, rateFactor, request.Dropout ?? -1, request.ScoresEveryEpoch ? 1 : 0, (int)(request.HeadStart ?? settings.HeadStart), Threads, (int)backbone.Device.type, prepared.Request.AveragedRuns, .. request.ScoresValidationEveryEpoch ? [1] : (double[])[]]);
    }

    private FineTuningResult[] TrainTogether(IReadOnlyList<FineTuningRequest> requests, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var results = new FineTuningResult?[requests.Count];
        var prepared = new Dictionary<int, Preparation>();
        try
        {
            foreach (var (index, request) in requests.Index())
            {
                if ((request.Epochs ?? settings.Epochs) == 0 || (request.AveragedRuns ?? settings.AveragedRuns) > 1 || request.ScoresValidationEveryEpoch || request.Predicted is not null) continue;
                var one = Prepare(request, stop);
                var canShare = TunedLanes.Obstacle(backbone, one.Model) is null;
                one.Model.Suspend();
                if (canShare) prepared.Add(index, one);
                else one.Dispose();
            }

            if (prepared.Values.FirstOrDefault() is { } first)
            {
                var trainer = new LaneTrainer(first.Settings, specifications.PipelineOf(first.Specification).Objective, specifications.Tokenizers.Source.PaddingId);
                var runs = trainer.Train(backbone, [.. prepared.Values.Select(one => one.Model)], first.Task, [.. prepared.Values.Select(one => one.Request)], progress, stop);
                foreach (var ((index, one), run) in prepared.Zip(runs))
                {
                    one.Model.Resume();
                    results[index] = Result(requests[index], one, run, clock, stop);
                    one.Model.Suspend();
                }

                var share = clock.Elapsed.TotalSeconds / prepared.Count;
                foreach (var index in prepared.Keys) results[index] = results[index]! with { Seconds = share };
            }
        }
        finally
        {
            foreach (var one in prepared.Values) one.Dispose();
        }

        return [.. results.Select((result, index) => Retried(requests[index], result ?? Train(requests[index], 1, progress, stop), progress, stop))];
    }

    private Preparation Prepare(FineTuningRequest request, CancellationToken stop)
    {
        RequireInRange(request);
        SetDropout(request.Dropout ?? settings.Dropout);
        var settingsOfRun = settings with { BatchSize = request.BatchSize ?? settings.BatchSize, HeadLearningRate = request.HeadLearningRate ?? settings.HeadLearningRate };
        var strategiesOfRun = request.StrategyOptions.Count == 0 ? strategies : strategies.Change(request.StrategyOptions);
        var task = tasks.Get(request.Task, request.TrainingRows, request.Split, request.UsesAllRows);
        var specification = Specify(request, task.Task, strategiesOfRun);
        var start = StartOfHead(request, specification, task, stop); // before anything is attached
        var model = specification.Attach(backbone, strategiesOfRun, request.Seed);
        try
        {
            if (start is not null) model.StartHead(start);
            RequireSizes(request.Plan, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        var rate = request.LearningRate ?? (request.Plan is TuningPlan.Full ? settings.FullLearningRate : settings.LearningRate);
        return new(
            settingsOfRun, strategiesOfRun, task, specification, model, new Trainer(settingsOfRun, specifications.PipelineOf(specification).Objective, specifications.Tokenizers.Source.PaddingId),
            new(request.Epochs ?? settings.Epochs, rate, request.Seed) { ScoresEveryEpoch = request.ScoresEveryEpoch, ScoresValidationEveryEpoch = request.ScoresValidationEveryEpoch, Predicted = request.Predicted, Ends = request.Ends, AveragedRuns = request.AveragedRuns ?? settings.AveragedRuns });
    }

    private FineTuningResult Result(FineTuningRequest request, Preparation prepared, TrainingRun run, Stopwatch clock, CancellationToken stop)
    {
        var (model, task, trainer) = (prepared.Model, prepared.Task, prepared.Trainer);
        var scores = run.Scores;
        // rows that selected nothing are read once, at the end
        var validation = scores is null || task.Selection.Count == 0 ? scores
            : request.ScoresValidation ? trainer.Score(model, task.Task, task.Validation, stop) : null;
        var test = scores is null || task.Test.Count == 0 || !request.ScoresValidation ? null : trainer.Score(model, task.Task, [("test", task.Test)], stop);
        string? unsaved = null;
        if (scores is not null && request.Output is { } output)
        {
            try
            {
                TunedFolder.Write(output, TunedRecord.Of(prepared.Specification, prepared.Strategies, backbone.Shape) with { Score = (validation ?? scores).Score }, model, (request.Plan as TuningPlan.Sized)?.Design);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // the score of a whole training is worth more than the disk's state
                unsaved = error.Message.ReplaceLineEndings(" ");
            }
        }
        return new(
            scores?.Score,
            (validation ?? scores)?.Metrics ?? new Dictionary<string, double>(),
            Trainer.ScoresOf(run.Epochs),
            model.Trained,
            model.HeadParameters,
            run.ExampleSteps,
            run.EarlierSeconds + clock.Elapsed.TotalSeconds,
            run.Failure)
        {
            WasEnded = run.WasEnded,
            EpochsTrained = prepared.Request.AveragedRuns > 1 && run.Failure is null ? prepared.Request.Epochs : run.Epochs.Count,
            Validation = validation?.Score,
            EpochValidations = request.ScoresValidationEveryEpoch ? [.. run.Epochs.Select(epoch => epoch.Validation).OfType<double>()] : [],
            Test = test?.Score,
            Predictions = validation?.Predictions ?? [],
            Speed = (validation ?? scores)?.Speed,
            // merging costs a moment, and only what is reported needs it
            RemainingParameters = scores is null || !request.ScoresValidation ? null : MergedCheckpoint.RemainingParameters(backbone, model),
            Unsaved = unsaved,
        };
    }

    // null where the head starts at its own initial values
    private HeadValues? StartOfHead(FineTuningRequest request, ModelSpecification specification, EncodedTask task, CancellationToken stop)
    {
        if (!SpecificationBuilder.StartsFromProbe(request.HeadStart ?? settings.HeadStart, task.Task, specification.Head)) return null;
        return tasks.HeadStart((request.Task, task.Train.Count, request.Split, request.UsesAllRows), () =>
        {
            using var head = (specification with { Plan = new TuningPlan.Sized(null, []) }).Attach(backbone, strategies, request.Seed);
            return new HeadProbe(LabelLogits.Of(task.Task), specifications.Tokenizers.Source.PaddingId).Solve(head, task.Train, stop);
        });
    }

    // the settings themselves were checked when they were loaded; no epochs score the model as it starts
    private static void RequireInRange(FineTuningRequest request)
    {
        var defaults = new TrainingSettings();
        SettingDefinition.RequireInRange(defaults with
        {
            Epochs = request.Epochs is { } epochs and not 0 ? epochs : defaults.Epochs,
            LearningRate = request.LearningRate ?? defaults.LearningRate,
            HeadLearningRate = request.HeadLearningRate,
            BatchSize = request.BatchSize ?? defaults.BatchSize,
            Dropout = request.Dropout,
            TrainLimit = request.TrainingRows,
            AveragedRuns = request.AveragedRuns ?? defaults.AveragedRuns,
        });
    }

    // the same weights are read again, and the ones in use stay until that has succeeded
    private void SetDropout(double? wanted)
    {
        if (wanted == dropout) return;
        var loaded = BackboneCatalogue.Load(folder, loading with { Dropout = wanted });
        backbone.Dispose();
        (backbone, dropout, specifications) = (loaded, wanted, specifications with { Backbone = loaded });
    }

    private ModelSpecification Specify(FineTuningRequest request, TaskDefinition task, StrategyRegistry strategies)
    {
        var used = (request.Plan as TuningPlan.Sized)?.Layers.SelectMany(layer => layer.Strategies).Select(strategy => strategy.Name).Distinct() ?? [];
        return specifications.Of(task, request.Plan) with
        {
            Strategies = used.Select(name => (name, Options: strategies.OptionsOf(name))).Where(pair => pair.Options is not null)
                .ToDictionary(pair => pair.name, pair => pair.Options!, StringComparer.Ordinal),
        };
    }

    // a plan may come from a store that another version wrote: its parameter counts must be what is trained
    private static void RequireSizes(TuningPlan plan, TunedModel model)
    {
        if (plan.Trained is { } planned && planned != model.Trained)
            throw new InvalidDataException($"the plan has {planned} trained parameters, but its sizes give {model.Trained} in this version; "
                + "finish the study with the version that started it, or start over with another store");
    }

    // a model that is ready to be trained
    private sealed record Preparation(
        TrainingSettings Settings, StrategyRegistry Strategies, EncodedTask Task, ModelSpecification Specification, TunedModel Model, Trainer Trainer, TrainingRequest Request) : IDisposable
    {
        public void Dispose() => Model.Dispose();
    }
}
