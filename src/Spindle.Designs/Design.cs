namespace Spindle.Designs;

/// <summary>One way to fine-tune a backbone: how its layers are grouped, how the budget is shared out over them, and what tunes each group.</summary>
/// <param name="Grouping">The layers' groups.</param>
/// <param name="Allocation">The share of each layer.</param>
/// <param name="Strategies">What tunes each group; a group with no strategy is not tuned.</param>
/// <exception cref="ArgumentException">The parts speak of different numbers of layers or groups.</exception>
public sealed record Design(LayerGrouping Grouping, Allocation Allocation, StrategyAssignment Strategies)
{
    /// <summary>The share of each layer.</summary>
    public Allocation Allocation { get; } = Allocation.Weights.Count == Grouping.Layers
        ? Allocation
        : throw new ArgumentException($"{Allocation.Weights.Count} weights for {Grouping.Layers} layers", nameof(Allocation));

    /// <summary>What tunes each group; a group with no strategy is not tuned.</summary>
    public StrategyAssignment Strategies { get; } = Strategies.Groups.Count == Grouping.Sizes.Count
        ? Strategies
        : throw new ArgumentException($"{Strategies.Groups.Count} strategy sets for {Grouping.Sizes.Count} groups", nameof(Strategies));

    /// <summary>The layers' groups.</summary>
    public LayerGrouping Grouping { get; } = Grouping;

    /// <summary>The number of layers.</summary>
    public int Layers => Allocation.Weights.Count;

    /// <summary>The groups that are tuned at all.</summary>
    public TunableGroups Tunable => Strategies.Tunable;

    /// <summary>What tunes each layer, in order of depth; empty where a layer is not tuned.</summary>
    public IReadOnlyList<StrategySet> LayerStrategies() => [.. Grouping.GroupOfLayers().Select(group => Strategies.Groups[group])];

    /// <summary>The same strategies in every layer with the same share each, as one group: a baseline.</summary>
    /// <param name="set">The strategies, at least one.</param>
    /// <param name="layers">The number of layers, at least 1.</param>
    public static Design Uniform(StrategySet set, int layers) => new(
        LayerGrouping.Of(GroupingPattern.Uniform, layers, 1), Allocation.Of(AllocationPattern.Uniform, layers), StrategyAssignment.Same(set, 1));

    /// <summary>The three choices in one line.</summary>
    public override string ToString() => $"{Grouping}; {Allocation}; {Strategies}";
}
