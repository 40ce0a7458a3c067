namespace Spindle.Search.Trials;

/// <summary>The purpose and the conditions of a trial. A store keeps one trial for each key.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The option's name.</param>
/// <param name="Sample">The zero-based sample; in the final comparison, the index of the seed.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Epochs">Passes over the training rows, at least 1.</param>
/// <param name="Seed">The seed of initial values, row order and dropout.</param>
public sealed record TrialKey(string Stage, string Option, int Sample, string Task, int Epochs, int Seed)
{
    /// <summary>The decisions of earlier stages when the trial was requested; empty if its design depends on no stage.</summary>
    public string Given { get; init; } = "";

    /// <summary>The number of training rows, or null for the study's.</summary>
    public int? TrainingRows { get; init; }

    /// <summary>The learning rate, or null for the study's.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The key in one line: <c>S1 spindle #3 sst2</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Stage} {Option} #{Sample + 1} {Task}")
        + (TrainingRows is { } rows ? FormattableString.Invariant($", {rows} rows") : "")
        + (LearningRate is { } rate ? FormattableString.Invariant($", learning rate {rate}") : "");
}
