namespace Spindle.Designs;

/// <summary>Designs that differ from another one in a single choice.</summary>
public static class DesignNeighbours
{
    /// <summary>The neighbours of a design within a space: with another grouping, another allocation, or one strategy more or less in one group. A group may so become tuned or untuned where the space allows it.</summary>
    /// <param name="space">The space.</param>
    /// <param name="design">A design of the space, or one with a single group, which counts as the same strategies in every group.</param>
    public static IEnumerable<Design> Of(DesignSpace space, Design design)
    {
        var center = design.Strategies.Groups is [var only] && space.Groups > 1
            ? new Design(space.Groupings[0], design.Allocation, StrategyAssignment.Same(only, space.Groups))
            : design;
        return space.Groupings.Select(grouping => new Design(grouping, center.Allocation, center.Strategies))
            .Concat(space.Allocations.Select(allocation => new Design(center.Grouping, allocation, center.Strategies)))
            .Concat(Enumerable.Range(0, center.Strategies.Groups.Count).SelectMany(group => Toggled(space, center, group)))
            .Where(neighbour => neighbour != design && space.Contains(neighbour)).Distinct();
    }

    private static IEnumerable<Design> Toggled(DesignSpace space, Design center, int group)
    {
        var set = center.Strategies.Groups[group];
        var others = center.Strategies.Groups.Where((other, index) => index != group).Any(other => !other.IsEmpty);
        return space.Strategies.Select(strategy => new StrategySet(set.Contains(strategy) ? set.Where(name => name != strategy) : set.Append(strategy)))
            .Where(changed => others || !changed.IsEmpty)
            .Select(changed => new Design(center.Grouping, center.Allocation, center.Strategies.With(group, changed)));
    }
}
