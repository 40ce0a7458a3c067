namespace Spindle.Search.Studies;

/// <summary>The settings of a search.</summary>
public sealed record SearchSettings
{
    /// <summary>The name of the policy; <c>exhaustive</c> is the paper's protocol.</summary>
    public string Policy { get; init; } = "joint";

    /// <summary>The number of designs drawn for every option of a stage, at least 1.</summary>
    public int SamplesPerOption { get; init; } = 100;

    /// <summary>The seed from which all sampling and all trials derive theirs.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>The epochs of the final comparison, at least 1.</summary>
    public int FinalEpochs { get; init; } = 5;

    /// <summary>The number of seeds of the final comparison, at least 1.</summary>
    public int FinalSeeds { get; init; } = 5;

    /// <summary>The baselines of the final comparison besides each strategy alone: those of <see cref="BaselineNames"/>, or names of <see cref="SearchStudy.BaselineDesigns"/>.</summary>
    public IReadOnlyList<string> Baselines { get; init; } = [BaselineNames.Full, BaselineNames.Untrained];

    /// <summary>The number of designs of <see cref="BaselineNames.Random"/>, or null for as many as cost what the search cost.</summary>
    public int? RandomDesigns { get; init; }

    /// <summary>Whether the winner is trained again at the end on all training rows, those that select included.</summary>
    public bool Refit { get; init; }

    /// <summary>The most runs whose trained values that last training averages; a limit may leave time for fewer. Null for the study's number.</summary>
    public int? RefitRuns { get; init; }

    /// <summary>The strategy that wins, at the study's own learning rate, unless the side with the best mean leads it significantly (Student's t of their paired difference, p below 0.05), or it scores below the model without training. A few hundred selection rows
    /// tell good sides apart by chance; this is what is known from elsewhere. Null for the best mean.</summary>
    public string? Prefer { get; init; }

    /// <summary>Whether the rows that select are scored after every epoch of every trial, for learning curves, and not only after the last. It costs time and changes no result.</summary>
    public bool ScoresEveryEpoch { get; init; }

    /// <summary>The stores of earlier searches, on other tasks or backbones, whose scores are what the search expects before its own; empty for none. Relative paths start from the study's folder.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>What the search may cost.</summary>
    public SearchLimit Limit { get; init; } = new();

    /// <inheritdoc/>
    public bool Equals(SearchSettings? other) => other is not null
        && (Policy, SamplesPerOption, Seed, FinalEpochs, FinalSeeds, Refit, RefitRuns, RandomDesigns) == (other.Policy, other.SamplesPerOption, other.Seed, other.FinalEpochs, other.FinalSeeds, other.Refit, other.RefitRuns, other.RandomDesigns)
        && ScoresEveryEpoch == other.ScoresEveryEpoch && Prefer == other.Prefer && Limit == other.Limit && Baselines.SequenceEqual(other.Baselines) && From.SequenceEqual(other.From);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Policy, SamplesPerOption, Seed, FinalEpochs, FinalSeeds, Refit, Limit, Baselines.Count);
}
