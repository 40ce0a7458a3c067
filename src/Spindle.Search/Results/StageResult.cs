using Spindle.Metrics.Comparisons;
using Spindle.Search.Stages;

namespace Spindle.Search.Results;

/// <summary>The result of a stage.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Options">The options in order.</param>
/// <param name="IsDecided">Whether the stage is decided.</param>
/// <param name="Chosen">The option that was kept; null until the stage is decided.</param>
/// <param name="Compares">False if there was only one option, and so nothing to train. A group that stage S3 leaves untuned has only the option
/// <c>none</c>.</param>
public sealed record StageResult(string Name, IReadOnlyList<OptionResult> Options, bool IsDecided, string? Chosen, bool Compares)
{
    private const double Level = 0.05;

    /// <summary>The best option that was not kept or does not lead, before those that a race dropped; null if none has a mean.</summary>
    public OptionResult? Second => Options.Where(option => option.Name != (IsDecided ? Chosen : Leader?.Name) && option.Mean is not null).MaxBy(option => (option.Dropped is null, option.Mean));

    /// <summary>The best option so far; null once the stage is decided, and before any option has a mean.</summary>
    public OptionResult? Leader => IsDecided ? null : Options.Where(option => option is { Mean: not null, Dropped: null }).MaxBy(option => option.Mean);

    /// <summary>The option that was kept, or null.</summary>
    public OptionResult? Winner => Options.FirstOrDefault(option => option.Name == Chosen);

    /// <summary>How its options raced against each other; null if all were trained alike.</summary>
    public Race? Race { get; init; }

    /// <summary>The p-value of the choice after Holm's correction for all choices of the search so far, see <see cref="SelectedBest"/>; that of a race is corrected for its looks. Null until the stage is decided, or if
    /// nothing is known about chance: every option has a single design, or designs of an option do not differ in score.</summary>
    public double? CorrectedProbability { get; init; }

    /// <summary>Whether the kept option is the best at a level of 5% for the whole search: if all options are equal, at most one search in twenty calls any of its choices certain.
    /// Null if <see cref="CorrectedProbability"/> is.</summary>
    public bool? IsCertain => CorrectedProbability is { } probability ? probability < Level : null;
}

/// <summary>The result of an option of a stage.</summary>
/// <param name="Name">The option's name.</param>
/// <param name="Description">A longer description.</param>
/// <param name="Exact">False if the option is only the nearest to what its name says.</param>
/// <param name="Trials">Finished trials.</param>
/// <param name="Failed">Finished trials without a model: those that diverged score as guessing does, and those that could not be run are left out of means.</param>
/// <param name="Designs">Designs whose tasks have all finished.</param>
/// <param name="Mean">The mean over these designs and tasks in points; null if there are none.</param>
/// <param name="StandardError">The standard error of the mean over designs; null for fewer than two.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were repeated.</param>
/// <param name="Reason">Why no design fits the budget, or null if one does.</param>
public sealed record OptionResult(
    string Name,
    string Description,
    bool Exact,
    int Trials,
    int Failed,
    int Designs,
    double? Mean,
    double? StandardError,
    int Infeasible,
    string? Reason)
{
    /// <summary>The mean over tasks of each design whose tasks have all finished, in points, by the design's sample.</summary>
    public IReadOnlyDictionary<int, double> SampleMeans { get; init; } = new Dictionary<int, double>();

    /// <summary>The designs of earlier stages that count for it.</summary>
    public int Reused { get; init; }

    /// <summary>When a race dropped it; null if it was not dropped.</summary>
    public OptionDrop? Dropped { get; init; }

    /// <summary>The probability that it is the best option of its stage, from 0 to 1, see <see cref="OptionPosterior"/>; null if nothing is known about chance.</summary>
    public double? ProbabilityOfBest { get; init; }
}
