using Spindle.Data.Tasks;
using Spindle.Designs.Plans;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Trials;

/// <summary>Runs a study's trials by fine-tuning its backbone in this process, one trial at a time.</summary>
/// <param name="tuner">Trains the models. It belongs to the caller.</param>
/// <param name="scoresEveryEpoch">Whether the rows that select are scored after every epoch, see <see cref="SearchSettings.ScoresEveryEpoch"/>.</param>
public sealed class TrialRunner(FineTuner tuner, bool scoresEveryEpoch = false) : ITrialRunner
{
    /// <summary>Creates the options of a study's <see cref="FineTuner"/>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="strategies">The strategies by name; the study's options are added.</param>
    /// <param name="tasks">The tasks by name; the study's own tasks are added.</param>
    public static FineTunerOptions OptionsOf(Study study, StrategyRegistry strategies, TaskCatalogue tasks) => new(study.BackbonePlace)
    {
        Layers = study.Space.Layers,
        Data = study.DataPlace,
        Settings = study.Training,
        RowSeed = study.Search.Seed,
        Strategies = strategies.Configure(study.Strategies),
        Tasks = tasks.With(study.OwnTasks),
    };

    /// <summary>Creates the request that trains a trial.</summary>
    /// <param name="key">The trial's task and conditions.</param>
    /// <param name="plan">What is trained, with its sizes.</param>
    /// <exception cref="InvalidDataException">The key's settings are not known to this version.</exception>
    public static FineTuningRequest RequestOf(TrialKey key, TuningPlan plan) => ListedSettings.Apply(key.Settings, new(plan, key.Task, key.Seed)
    {
        Epochs = key.Epochs,
        TrainingRows = key.TrainingRows,
        LearningRate = key.LearningRate,
        Split = key.Split,
        UsesAllRows = key.UsesAllRows,
        // a head that starts at random and is not trained guesses
        HeadStart = key.Epochs == 0 ? HeadStart.Auto : null,
        AveragedRuns = key.AveragedRuns,
        RetriesDivergence = true,
    });

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A training is already running in this process.</exception>
    public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop)
    {
        var result = tuner.Run(
            RequestOf(request.Key, request.Plan) with { ScoresEveryEpoch = scoresEveryEpoch, ScoresValidation = request.ScoresValidation, Output = request.WeightsFolder, Checkpoint = request.Checkpoint },
            progress is null ? null : new Steps(progress),
            stop);
        // half of a model must not be taken for one
        if (result.Unsaved is not null && Directory.Exists(request.WeightsFolder)) Directory.Delete(request.WeightsFolder, recursive: true);
        return new(result.Score, result.Metrics, result.EpochScores, result.Trained, result.HeadParameters, result.ExampleSteps, result.Seconds, result.Failure)
        {
            Validation = result.Validation,
            Test = result.Test,
            Predictions = result.Predictions,
            MillisecondsPerRow = result.Speed?.MillisecondsPerRow,
            ScoringBatch = result.Speed?.BatchSize,
            RemainingParameters = result.RemainingParameters,
            Diverged = result.Diverged,
            Unsaved = result.Unsaved,
        };
    }

    private sealed class Steps(IProgress<TrialProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(new(value.Step, value.Steps, value.Examples, value.Loss) { EpochScores = value.EpochScores });
    }
}
