namespace Spindle.Designs;

/// <summary>What tunes each group.</summary>
/// <param name="Groups">The strategies of each group, in order of depth; empty where a group is not tuned.</param>
public sealed record StrategyAssignment(IReadOnlyList<StrategySet> Groups)
{
    /// <summary>The groups with at least one strategy.</summary>
    public TunableGroups Tunable => new([.. Enumerable.Range(0, Groups.Count).Where(group => !Groups[group].IsEmpty)]);
}
