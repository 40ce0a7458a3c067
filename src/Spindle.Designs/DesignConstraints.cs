namespace Spindle.Designs;

/// <summary>What of a design is fixed while the rest is drawn.</summary>
public abstract record DesignConstraints
{
    private protected DesignConstraints() { }

    /// <summary>Nothing is fixed, within the space's groups.</summary>
    public static GroupConstraints None { get; } = new();

    /// <summary>Stage S0: no groups at all; every layer has strategies and a share of its own.</summary>
    public static EveryLayerConstraints EveryLayer { get; } = new();
}

/// <summary>Stage S0: every layer draws a strategy set (not all empty) and a weight from 1 to <see cref="LargestWeight"/> of its own.</summary>
public sealed record EveryLayerConstraints : DesignConstraints
{
    /// <summary>The largest weight that a layer may draw.</summary>
    public const int LargestWeight = 100;
}

/// <summary>Designs in the space's groups, of which some choices are fixed; null leaves a choice free.</summary>
public sealed record GroupConstraints : DesignConstraints
{
    /// <summary>The grouping; it need not be one of the space's, but has as many groups and layers.</summary>
    public LayerGrouping? Grouping { get; init; }

    /// <summary>The allocation; it need not be one of the space's, but has as many layers.</summary>
    public Allocation? Allocation { get; init; }

    /// <summary>The tuned groups; they need not be one of the space's options.</summary>
    public TunableGroups? Tunable { get; init; }

    /// <summary>The strategies of each group in order of depth, null where free; a list shorter than the groups leaves the rest free. A group
    /// fixed to strategies is tuned, a group fixed to the empty set is not.</summary>
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

    /// <summary>What a group is fixed to, or null where it is free.</summary>
    public StrategySet? FixedTo(int group) => group < Strategies.Count ? Strategies[group] : null;

    /// <inheritdoc/>
    public bool Equals(GroupConstraints? other) => other is not null && Equals(Grouping, other.Grouping) && Equals(Allocation, other.Allocation)
        && Equals(Tunable, other.Tunable) && Sequences.Same(Strategies, other.Strategies);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Grouping, Allocation, Tunable, Sequences.Hash(Strategies));
}
