namespace Spindle.Designs;

/// <summary>The choices of a design that are fixed while the others are sampled.</summary>
public abstract record DesignConstraints
{
    private protected DesignConstraints() { }

    /// <summary>Nothing is fixed, within the space's groups.</summary>
    public static GroupConstraints None { get; } = new();

    /// <summary>Stage S0: no groups; every layer has its own strategies and share.</summary>
    public static EveryLayerConstraints EveryLayer { get; } = new();
}

/// <summary>Stage S0: every layer draws its own strategy set (not all empty) and its own weight from 1 to <see cref="LargestWeight"/>.</summary>
public sealed record EveryLayerConstraints : DesignConstraints
{
    /// <summary>The largest weight that a layer can draw.</summary>
    public const int LargestWeight = 100;
}

/// <summary>Designs in the groups of the space, with some choices fixed. Null leaves a choice free.</summary>
public sealed record GroupConstraints : DesignConstraints
{
    /// <summary>The grouping. It need not be one of the space's, but must have the same numbers of groups and layers.</summary>
    public LayerGrouping? Grouping { get; init; }

    /// <summary>The allocation. It need not be one of the space's, but must have the same number of layers.</summary>
    public Allocation? Allocation { get; init; }

    /// <summary>The tuned groups. They need not be one of the space's options.</summary>
    public TunableGroups? Tunable { get; init; }

    /// <summary>The strategies of each group in order of depth, or null for a free group. A shorter list leaves the remaining groups free. A group
    /// that is fixed to strategies is tuned; a group that is fixed to the empty set is not.</summary>
    public IReadOnlyList<StrategySet?> Strategies { get; init; } = [];

    /// <summary>These constraints with the strategies of one more group fixed.</summary>
    /// <param name="group">The zero-based group.</param>
    /// <param name="set">Its strategies.</param>
    public GroupConstraints WithStrategies(int group, StrategySet set)
    {
        var sets = Enumerable.Range(0, Math.Max(Strategies.Count, group + 1)).Select(FixedTo).ToArray();
        sets[group] = set;
        return this with { Strategies = sets };
    }

    /// <summary>The strategies to which a group is fixed, or null if it is free.</summary>
    public StrategySet? FixedTo(int group) => group < Strategies.Count ? Strategies[group] : null;

    /// <inheritdoc/>
    public bool Equals(GroupConstraints? other) => other is not null && Equals(Grouping, other.Grouping) && Equals(Allocation, other.Allocation)
        && Equals(Tunable, other.Tunable) && Sequences.Same(Strategies, other.Strategies);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Grouping, Allocation, Tunable, Sequences.Hash(Strategies));
}
