namespace Spindle.Designs;

/// <summary>One way to fine-tune a backbone: how its layers are grouped, how the budget is shared among them, and which strategies tune each group.</summary>
/// <param name="Grouping">The groups of layers.</param>
/// <param name="Allocation">The share of each layer.</param>
/// <param name="Strategies">The strategies of each group. A group without a strategy is not tuned.</param>
/// <exception cref="ArgumentException">The parts have different numbers of layers or groups.</exception>
public sealed record Design(LayerGrouping Grouping, Allocation Allocation, StrategyAssignment Strategies)
{
    /// <summary>The share of each layer.</summary>
    public Allocation Allocation { get; } = Allocation.Weights.Count == Grouping.Layers
        ? Allocation
        : throw new ArgumentException($"{Allocation.Weights.Count} weights for {Grouping.Layers} layers", nameof(Allocation));

    /// <summary>The strategies of each group. A group without a strategy is not tuned.</summary>
    public StrategyAssignment Strategies { get; } = Strategies.Groups.Count == Grouping.Sizes.Count
        ? Strategies
        : throw new ArgumentException($"{Strategies.Groups.Count} strategy sets for {Grouping.Sizes.Count} groups", nameof(Strategies));

    /// <summary>The groups of layers.</summary>
    public LayerGrouping Grouping { get; } = Grouping;

    /// <summary>The number of layers.</summary>
    public int Layers => Allocation.Weights.Count;

    /// <summary>The tuned groups.</summary>
    public TunableGroups Tunable => Strategies.Tunable;

    /// <summary>The strategies of each layer, in order of depth; empty for an untuned layer.</summary>
    public IReadOnlyList<StrategySet> LayerStrategies() => [.. Grouping.GroupOfLayers().Select(group => Strategies.Groups[group])];

    /// <summary>A baseline: one group with the same strategies and the same share in every layer.</summary>
    /// <param name="set">The strategies, at least one.</param>
    /// <param name="layers">The number of layers, at least 1.</param>
    public static Design Uniform(StrategySet set, int layers) => new(
        LayerGrouping.Of(GroupingPattern.Uniform, layers, 1), Allocation.Of(AllocationPattern.Uniform, layers), StrategyAssignment.Same(set, 1));

    /// <summary>The three choices in one line.</summary>
    public override string ToString() => $"{Grouping}; {Allocation}; {Strategies}";
}
