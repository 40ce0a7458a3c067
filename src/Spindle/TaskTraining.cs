using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Training.Batches;
using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;
using Spindle.Trials;

namespace Spindle;

/// <summary>Trains one model on one task: <c>using var training = TaskTraining.Prepare(new("builtin/sentiment") { Output = "runs/sentiment" }); var result = training.Run();</c></summary>
public sealed class TaskTraining : IDisposable
{
    private readonly FineTuner tuner;
    private readonly FineTuningRequest request;

    private TaskTraining(FineTuner tuner, FineTuningRequest request, double? expected)
    {
        (this.tuner, this.request, Expected) = (tuner, request, expected);
        var rows = tuner.Task(request.Task);
        var limitation = request.Output is null ? null : TunedExport.Limitation(tuner.HeadOf(request.Task));
        (Warnings, Cut) = ([.. tuner.Warnings, .. rows.Warnings, .. limitation is null ? [] : (string[])[$"{request.Task}: {limitation}"]], rows.Cut);
    }

    /// <summary>The plan with its sizes.</summary>
    public TuningPlan Plan => request.Plan;

    /// <summary>The task's name.</summary>
    public string Task => request.Task;

    /// <summary>The score in points of the study's trial if this training repeats one; null otherwise.</summary>
    public double? Expected { get; }

    /// <summary>How many training rows are cut because they are longer than the model reads.</summary>
    public CutRows? Cut { get; }

    /// <summary>Warnings about the settings, the task's rows and what the model cannot be exported to, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads backbone and rows, and sizes the plan.</summary>
    /// <param name="options">What to train.</param>
    /// <exception cref="DirectoryNotFoundException">The backbone or the task's folder is missing.</exception>
    /// <exception cref="FileNotFoundException">A file of the backbone or of the task is missing.</exception>
    /// <exception cref="InvalidDataException">A file cannot be read, a strategy is unknown or none is named, the plan does not fit the budget, or the output already holds a tuned model.</exception>
    /// <exception cref="UnauthorizedAccessException">The output cannot be written.</exception>
    /// <exception cref="IOException">There is a file in the place of the output, or the disk cannot be written.</exception>
    public static TaskTraining Prepare(TaskTrainingOptions options)
    {
        RequireFree(options.Output, options.Overwrite);
        var tuner = new FineTuner(new(options.Backbone)
        {
            Layers = options.Layers,
            Data = options.Data,
            Settings = options.Training,
            RowSeed = options.Seed,
            Strategies = options.Registry.Configure(options.Configurations),
            Tasks = options.Tasks.With(options.OwnTasks),
        });
        try
        {
            TuningPlan plan = options.Full
                ? new TuningPlan.Full()
                : tuner.Size(options.Design ?? Everywhere(options.Strategies, tuner), options.Budget);
            return new(tuner, new(plan, options.Task, options.Seed) { Output = options.Output, Checkpoint = CheckpointOf(options.Output) }, null);
        }
        catch
        {
            tuner.Dispose();
            throw;
        }
    }

    /// <summary>Prepares to train an option of a study's final comparison exactly as the study did: with the same seed and the same score.</summary>
    /// <param name="options">The store and the trial.</param>
    /// <exception cref="FileNotFoundException">The store does not exist, or a file of the backbone or the task is missing.</exception>
    /// <exception cref="InvalidDataException">The store has no such trial, the task's rows have changed since, a file cannot be read, or the output already holds a tuned model.</exception>
    /// <exception cref="UnauthorizedAccessException">The output cannot be written.</exception>
    /// <exception cref="IOException">There is a file in the place of the output, or the disk cannot be written.</exception>
    public static TaskTraining From(StudyTrainingOptions options)
    {
        RequireFree(options.Output, options.Overwrite);
        var (study, record, trial) = Find(options);
        if (options.Device is { } device) study = study with { Training = study.Training with { Device = device } };
        var tuner = new FineTuner(TrialRunner.OptionsOf(study, options.Registry, options.Tasks));
        try
        {
            StoredStudy.RequireSameTask(TrialStores.NameOf(options.Store), record, TaskFacts.Of(tuner, trial.Spec.Key.Task));
            return new(tuner, TrialRunner.RequestOf(trial.Spec.Key, trial.Spec.Plan) with { Output = options.Output, Checkpoint = CheckpointOf(options.Output) }, trial.Outcome?.Score);
        }
        catch
        {
            tuner.Dispose();
            throw;
        }
    }

    /// <summary>Trains and scores the model, and writes it to its folder.</summary>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops the training at the next step, without writing a model.</param>
    /// <inheritdoc cref="FineTuner.Run" path="/exception"/>
    /// <exception cref="IOException">The model could not be written.</exception>
    public FineTuningResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken stop = default)
    {
        var result = tuner.Run(request, progress, stop);
        return result.Unsaved is { } failure ? throw new IOException($"{request.Output}: the tuned model could not be written: {failure}") : result;
    }

    /// <inheritdoc/>
    public void Dispose() => tuner.Dispose();

    private static string? CheckpointOf(string? output) => output is null ? null : Path.Combine(output, ".training");

    private static Design Everywhere(IReadOnlyList<string> strategies, FineTuner tuner) => strategies.Count > 0
        ? Design.Uniform(new StrategySet(strategies), tuner.Shape.Layers.Count)
        : throw new InvalidDataException($"no strategy is named; name at least one of {string.Join(", ", tuner.Costs.Names)}");

    private static void RequireFree(string? output, bool overwrite)
    {
        if (output is null) return;
        if (!overwrite && TunedFolder.Exists(output))
            throw new InvalidDataException($"{output}: already holds a tuned model; name another folder, or allow overwriting to replace it");
        TunedFolder.RequireWritable(output);
    }

    private static (Study Study, StudyRecord Record, Trial Trial) Find(StudyTrainingOptions options)
    {
        var (study, record, option, all) = StoredOption.Find(options.Store, options.Option, options.Registry, options.Tasks);
        var task = options.Task ?? (study.Tasks.Count == 1
            ? study.Tasks[0].Name
            : throw new InvalidDataException($"{TrialStores.NameOf(options.Store)}: the study has several tasks; name one of them: {string.Join(", ", study.Tasks.Select(known => known.Name))}"));
        var trials = all.Where(trial => trial.Spec.Key.Task == task);
        return (study, record, trials.Where(trial => trial.IsFinished).OrderByDescending(trial => trial.State == TrialState.Completed).ThenByDescending(trial => trial.Points).ThenBy(trial => trial.Id).FirstOrDefault()
            ?? throw new InvalidDataException($"{TrialStores.NameOf(options.Store)}: no trial of {option.Name} on {task} has finished{(option.Reason is { } reason ? $": {reason}" : "")}"));
    }
}
