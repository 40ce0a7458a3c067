using System.Diagnostics;
using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Training.Batches;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Training.Trials;

/// <summary>Runs a study's trials in this process: backbone and rows are loaded once, what a trial attaches is detached after it.
/// One trial at a time, since the generator of dropout is one per process.</summary>
public sealed class TrialRunner : ITrialRunner, IDisposable
{
    private readonly Study study;
    private readonly StrategyRegistry strategies;
    private readonly IBackbone backbone;
    private readonly StudyReading reading;
    private readonly TaskLibrary tasks;

    /// <summary>Loads the study's backbone, and sets the threads of this process to the study's.</summary>
    /// <param name="study">The study.</param>
    /// <param name="catalogue">Where tasks are found by name; the study's own are added to it.</param>
    /// <param name="strategies">The strategies that designs may name.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="FileNotFoundException">The backbone's folder holds no tokenizer, or no weights.</exception>
    /// <exception cref="InvalidDataException">The backbone cannot be read.</exception>
    public TrialRunner(Study study, TaskCatalogue catalogue, StrategyRegistry strategies)
    {
        (this.study, this.strategies) = (study, strategies.Configure(study.Strategies));
        set_num_threads(study.Training.Threads);
        var folder = BackboneFolder.Locate(study.Backbone);
        var tokenizers = TextTokenizers.LoadPair(folder); // before the weights, which take long to read
        backbone = BackboneCatalogue.Load(folder, new()
        {
            FrozenType = study.Training.Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
            Dropout = study.Training.Dropout,
            Layers = study.Space.Layers,
        });
        reading = new(study, backbone, folder, tokenizers);
        tasks = new(catalogue.With(study.OwnTasks), study.Data, study.Training, task => reading.Of(reading.Describe(task)).Encoder, study.Search.Seed);
    }

    /// <summary>The shape of the study's backbone.</summary>
    public BackboneShape Shape => backbone.Shape;

    /// <summary>What the study's strategies cost.</summary>
    public StrategyCosts Costs => strategies.Costs;

    /// <summary>The parameters that the study's budget allows.</summary>
    public long Budget => study.Budget.For(backbone.Shape.Parameters);

    /// <summary>A task's rows as token ids.</summary>
    /// <exception cref="InvalidDataException">There is no such task, or its files cannot be read.</exception>
    public EncodedTask Task(string name) => tasks.Get(name);

    /// <inheritdoc/>
    public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var task = tasks.Get(request.Task);
        var description = Describe(request, task.Task);
        using var model = description.Attach(backbone, strategies, request.Seed);
        var rate = request.Plan is TuningPlan.Full ? study.Training.FullLearningRate : study.Training.LearningRate;
        var run = new Trainer(study.Training, reading.Of(description).Objective, reading.Tokenizers.Source.PaddingId).Train(model, task, rate, request.Epochs, request.Seed, progress, stop);
        var scores = run.Failure is null ? run.Epochs[^1].Scores : null;
        if (scores is not null && request.TunedFolder is { } folder)
            TunedFolder.Write(folder, (description with { Score = scores.Score }).ToStore(strategies, backbone.Shape), model, (request.Plan as TuningPlan.Designed)?.Design);
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

    /// <inheritdoc/>
    public void Dispose() => backbone.Dispose();

    private TunedDescription Describe(TrialRequest request, TaskDefinition task)
    {
        var layers = request.Plan is TuningPlan.Designed designed
            ? BudgetSolver.Solve(designed.Design, Budget, backbone.Shape, strategies.Costs).Require().Layers
            : null;
        var used = layers?.SelectMany(layer => layer.Strategies).Select(strategy => strategy.Name).Distinct() ?? [];
        return reading.Describe(task) with
        {
            Strategies = used.Select(name => (name, Options: strategies.OptionsOf(name))).Where(pair => pair.Options is not null)
                .ToDictionary(pair => pair.name, pair => pair.Options!, StringComparer.Ordinal),
            Layers = layers,
        };
    }
}
