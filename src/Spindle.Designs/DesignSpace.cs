using System.Numerics;

namespace Spindle.Designs;

/// <summary>The designs of a backbone that a search can choose: consecutive groups of layers, and the options of each choice.</summary>
public sealed record DesignSpace
{
    /// <summary>The largest number of strategies in a space.</summary>
    public const int MostStrategies = 20;

    /// <summary>The largest number of strategy sets that a group can choose from.</summary>
    public const int MostSets = 4095;

    private readonly Lazy<IReadOnlyList<LayerGrouping>> groupings;

    /// <summary>Creates a space.</summary>
    /// <param name="layers">The number of layers, at least 1.</param>
    /// <param name="groups">The number of groups, from 1 to <paramref name="layers"/>.</param>
    /// <param name="strategies">The strategies' names, from 1 to 20, each once. With more than 12, <paramref name="largestSet"/> must limit the sets.</param>
    /// <param name="tunableOptions">The sets of groups that may be tuned, or null for <see cref="TunableGroups.Runs"/>.</param>
    /// <param name="largestSet">The largest number of strategies in a group, at least 1; null for no limit.</param>
    /// <exception cref="ArgumentException">A number is out of range, a name is repeated, or an option names a group that does not exist.</exception>
    public DesignSpace(int layers, int groups, IEnumerable<string> strategies, IEnumerable<TunableGroups>? tunableOptions = null, int? largestSet = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, layers);
        (Layers, Groups, Strategies) = (layers, groups, [.. strategies]);
        if (Strategies.Count is 0 or > MostStrategies || Strategies.Distinct().Count() != Strategies.Count)
            throw new ArgumentException($"a space must have 1 to {MostStrategies} strategies, each once", nameof(strategies));
        TunableOptions = [.. (tunableOptions ?? TunableGroups.Runs(groups)).Distinct()];
        if (TunableOptions.Count == 0 || TunableOptions.Any(option => option.Indices[^1] >= groups))
            throw new ArgumentException($"there must be at least one set of tunable groups, and every set must be of the {groups} groups", nameof(tunableOptions));
        groupings = new(ListGroupings);
        Allocations = Preferring(
            Enum.GetValues<AllocationPattern>().Where(pattern => pattern != AllocationPattern.Drawn).Select(pattern => Allocation.Of(pattern, layers)),
            allocation => allocation.Weights,
            allocation => allocation.Pattern == AllocationPattern.Uniform);
        ArgumentOutOfRangeException.ThrowIfLessThan(largestSet ?? 1, 1, nameof(largestSet));
        LargestSet = Math.Min(largestSet ?? Strategies.Count, Strategies.Count);
        if (CountSets(Strategies.Count, LargestSet) is var sets and > MostSets)
            throw new ArgumentException($"a group could have {sets} different sets of strategies; at most {MostSets} are supported", nameof(largestSet));
        StrategySets = [.. Enumerable.Range(1, (1 << Strategies.Count) - 1).Where(mask => BitOperations.PopCount((uint)mask) <= LargestSet)
            .Select(mask => new StrategySet(Strategies.Where((_, index) => (mask >> index & 1) == 1)))
            .OrderBy(set => set.Count)];
    }

    /// <summary>The number of layers.</summary>
    public int Layers { get; }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>The strategies' names.</summary>
    public IReadOnlyList<string> Strategies { get; }

    /// <summary>The largest number of strategies in a group.</summary>
    public int LargestSet { get; }

    /// <summary>The sets of groups that may be tuned.</summary>
    public IReadOnlyList<TunableGroups> TunableOptions { get; }

    /// <summary>The groupings. Patterns with equal sizes are listed once, under a pattern that the sizes fulfil exactly if there is one.</summary>
    public IReadOnlyList<LayerGrouping> Groupings => groupings.Value;

    /// <summary>The allocations. Equal ones (of a single layer) are listed once.</summary>
    public IReadOnlyList<Allocation> Allocations { get; }

    /// <summary>Every non-empty strategy set that a group may have, smaller ones first.</summary>
    public IReadOnlyList<StrategySet> StrategySets { get; }

    /// <summary>The number of distinct designs in the space.</summary>
    public BigInteger Size => Count(DesignConstraints.None);

    /// <summary>The number of distinct designs that the constraints allow.</summary>
    /// <exception cref="ArgumentException">The constraints have other numbers of layers or groups than the space.</exception>
    public BigInteger Count(DesignConstraints constraints) => constraints switch
    {
        EveryLayerConstraints => (BigInteger.Pow(StrategySets.Count + 1, Layers) - 1) * BigInteger.Pow(EveryLayerConstraints.LargestWeight, Layers),
        GroupConstraints fixedTo => GroupingsUnder(fixedTo).Count * (BigInteger)AllocationsUnder(fixedTo).Count
            * TunableUnder(fixedTo).Aggregate(BigInteger.Zero, (sum, tunable) => sum + CountAssignments(fixedTo, tunable)),
        _ => throw new ArgumentException($"unknown constraints {constraints}", nameof(constraints)),
    };

    /// <summary>The number of non-empty strategy sets up to a size.</summary>
    /// <param name="strategies">The number of strategies, from 1 to <see cref="MostStrategies"/>.</param>
    /// <param name="largestSet">The largest number of strategies in a set.</param>
    public static int CountSets(int strategies, int largestSet)
    {
        var (sets, ofSize) = (0, 1);
        for (var size = 1; size <= Math.Min(strategies, largestSet); size++) sets += ofSize = ofSize * (strategies - size + 1) / size;
        return sets;
    }

    /// <summary>Whether the design is in the space: whether its grouping, allocation, tuned groups and strategies are.</summary>
    public bool Contains(Design design) =>
        Groupings.Contains(design.Grouping) && Allocations.Contains(design.Allocation) && TunableOptions.Contains(design.Tunable)
        && design.Strategies.Groups.All(set => set.Count <= LargestSet && set.All(Strategies.Contains));

    /// <inheritdoc/>
    public bool Equals(DesignSpace? other) => other is not null && Layers == other.Layers && Groups == other.Groups
        && LargestSet == other.LargestSet && Sequences.Same(Strategies, other.Strategies) && Sequences.Same(TunableOptions, other.TunableOptions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layers, Groups, LargestSet, Sequences.Hash(Strategies), Sequences.Hash(TunableOptions));

    internal IReadOnlyList<LayerGrouping> GroupingsUnder(GroupConstraints constraints) => constraints.Grouping switch
    {
        null => Groupings,
        { } grouping when grouping.Sizes.Count == Groups && grouping.Layers == Layers => [grouping],
        { } grouping => throw new ArgumentException($"grouping {grouping} does not have {Layers} layers in {Groups} groups", nameof(constraints)),
    };

    internal IReadOnlyList<Allocation> AllocationsUnder(GroupConstraints constraints) => constraints.Allocation switch
    {
        null => Allocations,
        { } allocation when allocation.Weights.Count == Layers => [allocation],
        { } allocation => throw new ArgumentException($"allocation {allocation} does not have {Layers} layers", nameof(constraints)),
    };

    internal IReadOnlyList<TunableGroups> TunableUnder(GroupConstraints constraints)
    {
        if (constraints.Strategies.Count > Groups) throw new ArgumentException($"strategies are fixed for more than {Groups} groups", nameof(constraints));
        return constraints.Tunable switch
        {
            null => TunableOptions,
            { } tunable when tunable.Indices[^1] < Groups => [tunable],
            { } tunable => throw new ArgumentException($"tunable groups {tunable} are not among {Groups} groups", nameof(constraints)),
        };
    }

    /// <summary>The number of ways to assign strategies to the groups so that exactly these groups are tuned.</summary>
    internal BigInteger CountAssignments(GroupConstraints constraints, TunableGroups tunable)
    {
        var free = 0;
        for (var group = 0; group < Groups; group++)
        {
            var tuned = tunable.Contains(group);
            if (constraints.FixedTo(group) is { } set)
            {
                if (set.IsEmpty == tuned) return 0;
            }
            else if (tuned)
                free++;
        }

        return BigInteger.Pow(StrategySets.Count, free);
    }

    private IReadOnlyList<LayerGrouping> ListGroupings() => Preferring(
        Enum.GetValues<GroupingPattern>()
            .Where(pattern => pattern is not (GroupingPattern.EveryLayer or GroupingPattern.Custom))
            .Select(pattern => LayerGrouping.Of(pattern, Layers, Groups)),
        grouping => grouping.Sizes,
        grouping => grouping.Exact);

    // options with equal numbers are one option: the first preferred one
    private static IReadOnlyList<T> Preferring<T>(IEnumerable<T> options, Func<T, IReadOnlyList<int>> numbers, Func<T, bool> preferred) =>
        [.. options.GroupBy(option => string.Join(',', numbers(option))).Select(same => same.FirstOrDefault(preferred, same.First()))];
}
