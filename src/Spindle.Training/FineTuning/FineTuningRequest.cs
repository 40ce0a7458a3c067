using Spindle.Designs.Plans;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;

namespace Spindle.Training.FineTuning;

/// <summary>A request for one training run.</summary>
/// <param name="Plan">What is trained, with its sizes.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Seed">The seed of initial values, row order and dropout.</param>
public sealed record FineTuningRequest(TuningPlan Plan, string Task, int Seed)
{
    /// <summary>A request that scores the backbone under its head without any training: the cosine of a similarity head, or the probe that a head starts from.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="seed">The seed of the head's initial values where it starts at random.</param>
    public static FineTuningRequest Untrained(string task, int seed) => new(new TuningPlan.Sized(null, []), task, seed) { Epochs = 0 };

    /// <summary>Passes over the training rows; 0 scores the model as it starts, null takes the settings' number.</summary>
    public int? Epochs { get; init; }

    /// <summary>The number of sampled training rows to use, or null for all of them.</summary>
    public int? TrainingRows { get; init; }

    /// <summary>The zero-based selection split, see <see cref="TrainingSettings.SelectionSplits"/>.</summary>
    public int Split { get; init; }

    /// <summary>Whether the selection rows train too, so that no rows select: the final training of a recipe that was selected before.</summary>
    public bool UsesAllRows { get; init; }

    /// <summary>Whether the rows that select are scored after every epoch, not only after the last.</summary>
    public bool ScoresEveryEpoch { get; init; } = true;

    /// <summary>Whether the validation rows are scored after every epoch too, where the selection rows select: how well the selection rows judge a run can then be seen epoch by epoch.</summary>
    public bool ScoresValidationEveryEpoch { get; init; }

    /// <summary>The learning rate after the warm-up, or null for the rate in the settings.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The learning rate of the head, or null for the one in the settings. See <see cref="TrainingSettings.HeadLearningRate"/>.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>The rows per step, or null for the settings' number.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The dropout probability of head and backbone, or null for the settings'. A backbone is loaded again where a run has another than the run before.</summary>
    public double? Dropout { get; init; }

    /// <summary>Options of strategies that differ from the tuner's: for each strategy a mapping in YAML (<c>{alpha: 16}</c>).</summary>
    public IReadOnlyDictionary<string, string> StrategyOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the weights of the head start, or null for the start in the settings.</summary>
    public HeadStart? HeadStart { get; init; }

    /// <summary>Whether the validation rows are scored at the end, where the selection rows select, and labelled test rows too; validation rows that select are always scored.</summary>
    public bool ScoresValidation { get; init; } = true;

    /// <summary>Receives the predictions for the rows that select, in their order, each time they are scored; null where only the scores matter. A training that is repeated hands over all of them again; one that resumes, only those that are still to come.</summary>
    public Action<IReadOnlyList<Prediction>>? Predicted { get; init; }

    /// <summary>Asked after each step: true ends this training there, and models that are trained in common passes with it continue. It then has no score, <see cref="FineTuningResult.WasEnded"/> is
    /// true, and the scores of finished epochs stay. Where several runs are averaged, it sees the progress of each. Null for a training that runs to its end.</summary>
    public Func<TrainingProgress, bool>? Ends { get; init; }

    /// <summary>The number of runs whose trained values are averaged, or null for the settings' number. See <see cref="TrainingSettings.AveragedRuns"/>.</summary>
    public int? AveragedRuns { get; init; }

    /// <summary>Whether a training that diverges is repeated once, at a third of its learning rates.</summary>
    public bool RetriesDivergence { get; init; }

    /// <summary>The file that keeps where the training stands, so that it resumes after the process was stopped; null for none. It is deleted at the end. The training resumes with the same bits on the
    /// same machine.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The shortest time between two writes of <see cref="Checkpoint"/>. It grows so that writing takes at most a twentieth of the time. A training that is stopped in order writes it at once.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The folder for the tuned model, or null to discard it.</summary>
    public string? Output { get; init; }
}
