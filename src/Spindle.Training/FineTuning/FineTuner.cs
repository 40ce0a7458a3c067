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
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;
using Spindle.Training.Specification;
using Spindle.Training.Tasks;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>Fine-tunes one backbone, training after training: backbone and rows are loaded once, and each training gives the backbone back unchanged.
/// One training at a time in a process, since libtorch has one random generator for dropout.</summary>
public sealed class FineTuner : IDisposable
{
    private readonly TrainingSettings settings;
    private readonly StrategyRegistry strategies;
    private readonly IBackbone backbone;
    private readonly SpecificationBuilder specifications;
    private readonly TaskLibrary tasks;
    private int running;

    /// <summary>Loads the backbone, and sets the threads of this process.</summary>
    /// <param name="options">What is loaded, and how it trains.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="FileNotFoundException">The backbone's folder holds no tokenizer, or no weights.</exception>
    /// <exception cref="InvalidDataException">The backbone cannot be read.</exception>
    public FineTuner(FineTunerOptions options)
    {
        (settings, strategies) = (options.Settings, options.Strategies);
        set_num_threads(settings.Threads);
        var folder = BackboneFolder.Locate(options.Backbone);
        var tokenizers = TextTokenizers.LoadPair(folder); // before the weights, which take long to read
        backbone = BackboneCatalogue.Load(folder, new()
        {
            FrozenType = NativeBFloat16.Resolve(settings.Precision) == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
            Dropout = settings.Dropout,
            Layers = options.Layers,
        });
        specifications = new(options.Backbone, settings, options.Layers, backbone, folder, tokenizers);
        tasks = new(options.Tasks, options.Data, settings, EncoderOf, options.RowSeed);

        IExampleEncoder EncoderOf(TaskDefinition task) => specifications.PipelineOf(specifications.Of(task, new TuningPlan.Full())).Encoder;
    }

    /// <summary>How models are trained and scored.</summary>
    public TrainingSettings Settings => settings;

    /// <summary>The shape of the backbone.</summary>
    public BackboneShape Shape => backbone.Shape;

    /// <summary>What the strategies cost.</summary>
    public StrategyCosts Costs => strategies.Costs;

    /// <summary>A task's rows as token ids.</summary>
    /// <exception cref="InvalidDataException">There is no such task, or its files cannot be read.</exception>
    public EncodedTask Task(string name) => tasks.Get(name);

    /// <summary>The sizes of a design under a budget.</summary>
    /// <param name="design">The design.</param>
    /// <param name="budget">The budget.</param>
    /// <exception cref="InvalidDataException">The design has other layers than the backbone, or does not fit the budget.</exception>
    public TuningPlan.Sized Size(Design design, Budget budget)
    {
        if (design.Layers != Shape.Layers.Count)
            throw new InvalidDataException($"the design has {design.Layers} layers, {Shape.Name} has {Shape.Layers.Count}; an encoder-decoder has as many as it has blocks with --layers sequential");
        var solved = BudgetSolver.Solve(design, budget.For(Shape.Parameters), Shape, Costs);
        if (solved is BudgetResult.Infeasible infeasible)
            throw new InvalidDataException(infeasible.Needed == 0 ? infeasible.Reason : $"the design does not fit the budget: {infeasible.Reason}; raise --budget");
        return solved.Require();
    }

    /// <summary>Trains and scores a model.</summary>
    /// <param name="request">What is trained, on which task.</param>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops the training at the next step.</param>
    /// <exception cref="InvalidDataException">The plan does not fit the backbone, its sizes are not what the strategies train today, or the task cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Another training of this object is running.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    public FineTuningResult Run(FineTuningRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken stop = default)
    {
        if (Interlocked.Exchange(ref running, 1) == 1) throw new InvalidOperationException("a training is running in this object already; wait for it, or train in another process");
        try
        {
            return Train(request, progress, stop);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => backbone.Dispose();

    private FineTuningResult Train(FineTuningRequest request, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var task = tasks.Get(request.Task, request.TrainingRows);
        var specification = Specify(request, task.Task);
        var start = StartOfHead(request, specification, task, stop); // before anything is attached
        using var model = specification.Attach(backbone, strategies, request.Seed);
        if (start is not null) model.StartHead(start);
        RequireSizes(request.Plan, model);
        var rate = request.LearningRate ?? (request.Plan is TuningPlan.Full ? settings.FullLearningRate : settings.LearningRate);
        var trainer = new Trainer(settings, specifications.PipelineOf(specification).Objective, specifications.Tokenizers.Source.PaddingId);
        var run = trainer.Train(model, task, rate, request.Epochs ?? settings.Epochs, request.Seed, progress, stop);
        var scores = run.Scores;
        if (scores is not null && request.Output is { } folder)
            TunedFolder.Write(folder, TunedRecord.Of(specification, strategies, backbone.Shape) with { Score = scores.Score }, model, (request.Plan as TuningPlan.Sized)?.Design);
        return new(
            scores?.Score,
            scores?.Metrics ?? new Dictionary<string, double>(),
            [.. run.Epochs.Select(epoch => epoch.Scores.Score)],
            model.Trained,
            model.HeadParameters,
            run.ExampleSteps,
            clock.Elapsed.TotalSeconds,
            run.Failure)
        {
            Predictions = scores?.Predictions ?? [],
        };
    }

    // null where the head starts at its own initial values
    private HeadValues? StartOfHead(FineTuningRequest request, ModelSpecification specification, EncodedTask task, CancellationToken stop)
    {
        if ((request.HeadStart ?? settings.HeadStart) != HeadStart.Probe) return null;
        SpecificationBuilder.RequireProbe(task.Task, specification.Head);
        return tasks.HeadStart(request.Task, task.Train.Count, () =>
        {
            using var head = (specification with { Plan = new TuningPlan.Sized(null, []) }).Attach(backbone, strategies, request.Seed);
            return new HeadProbe(LabelLogits.Of(task.Task), specifications.Tokenizers.Source.PaddingId).Solve(head, task.Train, stop);
        });
    }

    private ModelSpecification Specify(FineTuningRequest request, TaskDefinition task)
    {
        var used = (request.Plan as TuningPlan.Sized)?.Layers.SelectMany(layer => layer.Strategies).Select(strategy => strategy.Name).Distinct() ?? [];
        return specifications.Of(task, request.Plan) with
        {
            Strategies = used.Select(name => (name, Options: strategies.OptionsOf(name))).Where(pair => pair.Options is not null)
                .ToDictionary(pair => pair.name, pair => pair.Options!, StringComparer.Ordinal),
        };
    }

    // a plan may come from a store that another version wrote: what it says must be what is trained
    private static void RequireSizes(TuningPlan plan, TunedModel model)
    {
        if (plan.Trained is { } planned && planned != model.Trained)
            throw new InvalidDataException($"the plan says {planned} trained parameters, but its sizes make {model.Trained} in this version; "
                + "finish the study with the version that began it, or start again with another store");
    }
}
