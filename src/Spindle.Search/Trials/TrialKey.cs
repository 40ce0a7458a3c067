namespace Spindle.Search.Trials;

/// <summary>The purpose and the conditions of a trial. A store keeps one trial for each key.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The option's name.</param>
/// <param name="Sample">The zero-based sample; in the final comparison, the index of the seed.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Epochs">Passes over the training rows; 0 scores the model as it starts.</param>
/// <param name="Seed">The seed of initial values, row order and dropout.</param>
public sealed record TrialKey(string Stage, string Option, int Sample, string Task, int Epochs, int Seed)
{
    /// <summary>The stage of the last training of the winner, on all rows.</summary>
    public const string RefitStage = "Refit";

    /// <summary>The stage of trials that only write the weights of a finished trial again. They belong to no stage of a policy, and no mean counts them.</summary>
    public const string WeightsStage = "weights";

    /// <summary>What the policy had fixed when it requested the trial, such as the decisions of earlier stages; empty if nothing.</summary>
    public string Given { get; init; } = "";

    /// <summary>What was fixed, for a reader. <see cref="Given"/> itself stays as stores have it, or their trials would not be found again.</summary>
    public string GivenText => string.Join(", ", Given.Split(", ").Select(part => part == "1 epochs" ? "1 epoch" : part));

    /// <summary>The number of training rows, or null for the study's.</summary>
    public int? TrainingRows { get; init; }

    /// <summary>The learning rate, or null for the study's.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The values of the settings that a study lists, in one line of YAML without braces; null if it lists none. The epochs are those of the key.</summary>
    public string? Settings { get; init; }

    /// <summary>The zero-based selection split: which of the training rows select.</summary>
    public int Split { get; init; }

    /// <summary>Whether the rows that select train too; the score is then that on the validation rows.</summary>
    public bool UsesAllRows { get; init; }

    /// <summary>The number of runs whose trained values are averaged, or null for the study's.</summary>
    public int? AveragedRuns { get; init; }

    /// <summary>The key in one line: <c>S1 spindle #3 sst2</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Stage} {Option} #{Sample + 1} {Task}")
        + (TrainingRows is { } rows ? FormattableString.Invariant($", {rows} rows") : "")
        + (LearningRate is { } rate ? FormattableString.Invariant($", learning rate {rate}") : "")
        + (Settings is { } settings ? $", {settings}" : "")
        + (Split > 0 ? FormattableString.Invariant($", selection split {Split + 1}") : "")
        + (UsesAllRows ? ", all training rows" : "")
        + (AveragedRuns is { } runs ? FormattableString.Invariant($", average of {runs} runs") : "");
}
