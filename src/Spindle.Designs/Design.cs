namespace Spindle.Designs;

/// <summary>One way to fine-tune a backbone: how its layers are grouped, how the budget is shared out over them, and what tunes each group.</summary>
/// <param name="Grouping">The layers' groups.</param>
/// <param name="Allocation">The share of each layer.</param>
/// <param name="Strategies">What tunes each group; a group with no strategy is not tuned.</param>
public sealed record Design(LayerGrouping Grouping, Allocation Allocation, StrategyAssignment Strategies)
{
    /// <summary>The groups that are tuned at all.</summary>
    public TunableGroups Tunable => Strategies.Tunable;
}
