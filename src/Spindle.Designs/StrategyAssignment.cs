namespace Spindle.Designs;

/// <summary>The strategies of each group.</summary>
/// <param name="Groups">The strategies of each group, in order of depth; empty for an untuned group.</param>
/// <exception cref="ArgumentException">No group is tuned.</exception>
public sealed record StrategyAssignment(IReadOnlyList<StrategySet> Groups)
{
    /// <summary>The strategies of each group, in order of depth; empty for an untuned group. At least one is not empty.</summary>
    public IReadOnlyList<StrategySet> Groups { get; } = Groups.Any(set => !set.IsEmpty)
        ? [.. Groups]
        : throw new ArgumentException("at least one group must be tuned", nameof(Groups));

    /// <summary>The groups with at least one strategy.</summary>
    public TunableGroups Tunable => new([.. Enumerable.Range(0, Groups.Count).Where(group => !Groups[group].IsEmpty)]);

    /// <summary>The same set for every group.</summary>
    public static StrategyAssignment Same(StrategySet set, int groups) => new([.. Enumerable.Repeat(set, groups)]);

    /// <summary>This assignment with another set for one group.</summary>
    /// <exception cref="ArgumentException">No tuned group would be left.</exception>
    public StrategyAssignment With(int group, StrategySet set) => new([.. Groups.Select((old, index) => index == group ? set : old)]);

    /// <inheritdoc/>
    public bool Equals(StrategyAssignment? other) => other is not null && Sequences.Same(Groups, other.Groups);

    /// <inheritdoc/>
    public override int GetHashCode() => Sequences.Hash(Groups);

    /// <summary>The sets in order of depth: <c>adapter+lora | none</c>.</summary>
    public override string ToString() => string.Join(" | ", Groups);
}
