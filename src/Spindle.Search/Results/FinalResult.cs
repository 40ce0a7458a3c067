using Spindle.Search.Stages;

namespace Spindle.Search.Results;

/// <summary>What one side of the final comparison scored.</summary>
/// <param name="Name"><c>found</c>, a strategy's name, or <c>full</c>.</param>
/// <param name="Trained">Trained parameters, the head not among them; null where nothing is known yet.</param>
/// <param name="SeedMeans">The mean over tasks in points of every seed of which all tasks have ended, by the seed's index.</param>
/// <param name="Scores">Each task's mean over its ended seeds in points, in the study's order.</param>
/// <param name="Trials">Trials that have ended.</param>
/// <param name="Failed">Those of them without a score; they count as 0 points.</param>
/// <param name="Reason">Why it does not fit the budget, or null where it does.</param>
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

    /// <summary>What the side is to the search.</summary>
    public OptionRole Role { get; init; }

    /// <summary>Each task's metrics by name, as fractions, the mean over seeds that were trained to the end; those too that do not count in the score.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Metrics { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>The mean over seeds and tasks in points, and its standard error over seeds.</summary>
    public OptionScore Score => OptionScore.Of([.. SeedMeans.OrderBy(seed => seed.Key).Select(seed => seed.Value)]);

    /// <summary>The mean in points; null where no seed is complete.</summary>
    public double? Mean => Score.Mean;

    /// <summary>Whether there is a mean to compare with: a side of which every trial failed has none worth the name.</summary>
    public bool IsScored => Mean is not null && Failed < Trials;

    /// <summary>The standard error of the mean over seeds; null below two.</summary>
    public double? StandardError => Score.StandardError;
}
