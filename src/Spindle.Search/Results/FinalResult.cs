using Spindle.Search.Stages;

namespace Spindle.Search.Results;

/// <summary>The result of one option of the final comparison.</summary>
/// <param name="Name"><c>found</c>, a strategy's name, or <c>full</c>.</param>
/// <param name="Trained">Trained parameters without the head; null until known.</param>
/// <param name="SeedMeans">The mean over tasks in points, by the seed's index, for every seed whose tasks have all finished.</param>
/// <param name="Scores">Each task's mean over its finished seeds in points, in the study's order.</param>
/// <param name="Trials">Finished trials.</param>
/// <param name="Failed">Finished trials without a model: those that diverged score as guessing does, and those that could not be run are left out of means.</param>
/// <param name="Reason">Why it does not fit the budget, or null if it does.</param>
public sealed record FinalResult(
    string Name,
    long? Trained,
    IReadOnlyDictionary<int, double> SeedMeans,
    IReadOnlyDictionary<string, double> Scores,
    int Trials,
    int Failed,
    string? Reason)
{
    /// <summary>The mean score on the validation rows in points over tasks and seeds; null where no seed was scored there on every task.</summary>
    public double? Validation { get; init; }

    /// <summary>The mean score on labelled test rows in points over tasks and seeds; null where no seed was scored there on every task.</summary>
    public double? Test { get; init; }

    /// <summary>How it was trained where that was chosen for it: <c>learning rate 0.001, batch-size: 8</c>; null where the study's settings hold.</summary>
    public string? Recipe { get; init; }

    /// <summary>The head's trained parameters, on the task with the largest head; null until known.</summary>
    public long? HeadParameters { get; init; }

    /// <summary>The stored parameters that stay beside the backbone when everything else is merged into it, without the head's: 0 for LoRA. Null where that is not known, as in older stores.</summary>
    public long? RemainingParameters { get; init; }

    /// <summary>The wall-clock milliseconds in which a trained model predicts a row: the mean over its trials. Null where that is not known, as in older stores. It differs from run to run.</summary>
    public double? MillisecondsPerRow { get; init; }

    /// <summary>The number of rows that were predicted at a time when <see cref="MillisecondsPerRow"/> was measured; null where that is not known.</summary>
    public int? ScoringBatch { get; init; }

    /// <summary>The points of each finished seed by task, on the rows that are reported: the validation rows where they were scored, otherwise the rows that select.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, double>> SeedScores { get; init; } = new Dictionary<string, IReadOnlyDictionary<int, double>>();

    /// <summary>Each task's mean over <see cref="SeedScores"/> in points.</summary>
    public IReadOnlyDictionary<string, double> TaskMeans => SeedScores.Where(task => task.Value.Count > 0).ToDictionary(task => task.Key, task => task.Value.Values.Average());

    /// <summary>The role of the option.</summary>
    public OptionRole Role { get; init; }

    /// <summary>The probability that its mean on the rows that select is the best of all sides within the budget, from the scores of the seeds; null where nothing is known about chance, such as with one seed.</summary>
    public double? ProbabilityOfBest { get; init; }

    /// <summary>Each task's metrics by name, as fractions: means over the completed seeds. Includes metrics that do not count in the score.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Metrics { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>The mean over seeds and tasks in points, and its standard error over seeds.</summary>
    public OptionScore Score => OptionScore.Of([.. SeedMeans.OrderBy(seed => seed.Key).Select(seed => seed.Value)]);

    /// <summary>The mean in points; null if no seed is complete.</summary>
    public double? Mean => Score.Mean;

    /// <summary>Whether it may be the winner: every side but full fine-tuning.</summary>
    public bool IsWithinBudget => Role != OptionRole.FullFineTuning;

    /// <summary>Whether there is a mean to compare with. The mean of an option whose trials all failed means nothing.</summary>
    public bool IsScored => Mean is not null && Failed < Trials;

    /// <summary>The standard error of the mean over seeds; null for fewer than two seeds.</summary>
    public double? StandardError => Score.StandardError;
}
