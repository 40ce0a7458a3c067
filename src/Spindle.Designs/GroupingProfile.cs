namespace Spindle.Designs;

/// <summary>A pattern for a number of groups: the signs between neighbours, the ideal sizes, and the nearest integer sizes.</summary>
internal sealed class GroupingProfile
{
    // ideal size of group g = layers · weights[g] / total, kept in whole numbers by scaling every size by the total
    private readonly int[] weights;
    private readonly int[] signs;
    private readonly int[] before;
    private readonly int total;

    public GroupingProfile(GroupingPattern pattern, int groups)
    {
        int Middle(int group) => Math.Min(group + 1, groups - group);
        // +1: the next group is larger; the two middle groups of an even number are equal
        int Rise(int border) => Math.Sign(groups - 2 * (border + 1));
        (Func<int, int> weight, Func<int, int> sign) = pattern switch
        {
            GroupingPattern.Increasing => ((Func<int, int>)(group => group + 1), (Func<int, int>)(_ => 1)),
            GroupingPattern.Uniform => (_ => 1, _ => 0),
            GroupingPattern.Decreasing => (group => groups - group, _ => -1),
            GroupingPattern.Spindle => (Middle, Rise),
            GroupingPattern.Bottleneck => (group => Middle((groups - 1) / 2) + 1 - Middle(group), border => -Rise(border)),
            _ => throw new ArgumentException($"grouping {pattern} defines no sizes", nameof(pattern)),
        };
        weights = [.. Enumerable.Range(0, groups).Select(weight)];
        signs = [.. Enumerable.Range(0, groups - 1).Select(sign)];
        before = new int[groups];
        for (var group = 1; group < groups; group++) before[group] = before[group - 1] + weights[group - 1];
        total = weights.Sum();
    }

    private int Groups => weights.Length;

    /// <summary>The nearest sizes that fulfil every sign, or null if there are none.</summary>
    public int[]? StrictSizes(int layers)
    {
        if (LeastLayers() > layers) return null;
        // best[group][size][layers left, including this group's]: the smallest distance of this and the later groups
        var best = new Distance?[Groups, layers + 1, layers + 1];
        for (var group = Groups - 1; group >= 0; group--)
            for (var left = Groups - group; left <= layers - group; left++)
                for (var size = 1; size <= left - (Groups - 1 - group); size++)
                    best[group, size, left] = Here(group, size, left, layers) + Rest(group, size, left);

        var sizes = new int[Groups];
        for (int group = 0, left = layers; group < Groups; left -= sizes[group++])
        {
            var candidates = group == 0 ? Enumerable.Range(1, left) : Followers(group - 1, sizes[group - 1], left);
            var nearest = Distance.Smallest(candidates.Select(size => (size, best[group, size, left])));
            if (nearest is null) return null;
            sizes[group] = nearest.Value;
        }

        return sizes;

        Distance? Rest(int group, int size, int left) => group == Groups - 1
            ? (size == left ? default(Distance) : null)
            : Followers(group, size, left - size).Select(next => best[group + 1, next, left - size]).Min();
    }

    /// <summary>The nearest sizes regardless of the signs.</summary>
    public int[] NearestSizes(int layers)
    {
        var best = new Distance?[Groups + 1, layers + 1];
        best[Groups, 0] = default(Distance);
        for (var group = Groups - 1; group >= 0; group--)
            for (var left = Groups - group; left <= layers - group; left++)
                best[group, left] = Sizes(group, left).Select(size => Here(group, size, left, layers) + best[group + 1, left - size]).Min();

        var sizes = new int[Groups];
        for (int group = 0, left = layers; group < Groups; left -= sizes[group++])
            sizes[group] = Distance.Smallest(
                Sizes(group, left).Select(size => (size, Here(group, size, left, layers) + best[group + 1, left - size])))!.Value;
        return sizes;
    }

    // the sizes that leave a layer for every later group
    private IEnumerable<int> Sizes(int group, int left) => Enumerable.Range(1, Math.Max(0, left - (Groups - 1 - group)));

    // the sizes of the group after this one that fulfil the sign between them
    private IEnumerable<int> Followers(int group, int size, int left) => signs[group] switch
    {
        0 => size <= left ? [size] : [],
        > 0 => Enumerable.Range(size + 1, Math.Max(0, left - size)),
        _ => Enumerable.Range(1, Math.Max(0, Math.Min(size - 1, left))),
    };

    private Distance? Here(int group, int size, int left, int layers)
    {
        long off = (long)total * size - (long)layers * weights[group];
        long border = (long)total * (layers - left) - (long)layers * before[group];
        return new(off * off, border * border);
    }

    // the fewest layers that fulfil every sign: each group is one larger than the longest sequence of rises that leads to it from either side
    private int LeastLayers()
    {
        var least = Enumerable.Repeat(1, Groups).ToArray();
        for (var border = 0; border < signs.Length; border++)
            if (signs[border] >= 0)
                least[border + 1] = Math.Max(least[border + 1], least[border] + signs[border]);
        for (var border = signs.Length - 1; border >= 0; border--)
            if (signs[border] <= 0)
                least[border] = Math.Max(least[border], least[border + 1] - signs[border]);
        return least.Sum();
    }

    /// <summary>The squared distances of sizes from the ideal sizes, and of borders from the ideal borders.</summary>
    private readonly record struct Distance(long Sizes, long Borders) : IComparable<Distance>
    {
        public static Distance operator +(Distance first, Distance second) => new(first.Sizes + second.Sizes, first.Borders + second.Borders);

        public static int? Smallest(IEnumerable<(int Size, Distance? Distance)> candidates)
        {
            (int Size, Distance Distance)? smallest = null;
            foreach (var (size, distance) in candidates)
                if (distance is { } known && (smallest is null || known.CompareTo(smallest.Value.Distance) < 0))
                    smallest = (size, known);
            return smallest?.Size;
        }

        public int CompareTo(Distance other) => (Sizes, Borders).CompareTo((other.Sizes, other.Borders));
    }
}
