namespace Spindle.Search.Explanations;

/// <summary>A choice of a search.</summary>
public enum Factor
{
    /// <summary>How layers are grouped.</summary>
    Grouping,

    /// <summary>How the budget is shared among layers.</summary>
    Allocation,

    /// <summary>Which groups are tuned.</summary>
    TunedGroups,

    /// <summary>In how many of the tuned layers a strategy is.</summary>
    Strategy,

    /// <summary>The learning rate.</summary>
    LearningRate,

    /// <summary>The values of other settings that the study lists.</summary>
    Settings,
}

/// <summary>A level of a factor.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Name">The level's name: <c>spindle</c>, <c>G1-G2</c>, <c>0.001</c>; of <see cref="Factor.Strategy"/> the strategy.</param>
public sealed record FactorLevel(Factor Factor, string Name);
