namespace Spindle.Designs.Tests;

public class LayerGroupingTests
{
    [Theory]
    [InlineData(GroupingPattern.Spindle, 6, "1,2,2,1", true)]
    [InlineData(GroupingPattern.Bottleneck, 6, "2,1,1,2", true)]
    [InlineData(GroupingPattern.Increasing, 6, "1,1,2,2", false)]
    [InlineData(GroupingPattern.Decreasing, 6, "2,2,1,1", false)]
    [InlineData(GroupingPattern.Uniform, 6, "1,2,1,2", false)]
    [InlineData(GroupingPattern.Spindle, 12, "2,4,4,2", true)]
    [InlineData(GroupingPattern.Bottleneck, 12, "4,2,2,4", true)]
    [InlineData(GroupingPattern.Increasing, 12, "1,2,4,5", true)]
    [InlineData(GroupingPattern.Uniform, 12, "3,3,3,3", true)]
    [InlineData(GroupingPattern.Decreasing, 12, "5,4,2,1", true)]
    [InlineData(GroupingPattern.Spindle, 24, "4,8,8,4", true)]
    public void Sizes_of_four_groups_are_the_nearest(GroupingPattern pattern, int layers, string sizes, bool exact)
    {
        var grouping = LayerGrouping.Of(pattern, layers, 4);
        Assert.Equal(sizes, string.Join(',', grouping.Sizes));
        Assert.Equal(exact, grouping.Exact);
    }

    [Fact]
    public void Sizes_are_the_best_of_all_compositions()
    {
        foreach (var pattern in Patterns)
            for (var layers = 1; layers <= 11; layers++)
                for (var groups = 1; groups <= layers; groups++)
                {
                    var all = Compositions(layers, groups).ToArray();
                    var strict = all.Where(sizes => Fulfils(pattern, sizes)).ToArray();
                    var best = (strict.Length > 0 ? strict : all).MinBy(sizes => Rank(pattern, sizes, layers));
                    var grouping = LayerGrouping.Of(pattern, layers, groups);
                    Assert.Equal(best, grouping.Sizes);
                    Assert.Equal(strict.Length > 0, grouping.Exact);
                }
    }

    [Fact]
    public void Deep_backbones_are_grouped_whatever_the_number_of_groups()
    {
        foreach (var pattern in Patterns)
            foreach (var groups in new[] { 1, 2, 4, 13, 14, 18, 19, 48, 95, 96 })
            {
                var grouping = LayerGrouping.Of(pattern, 96, groups);
                Assert.Equal((96, groups), (grouping.Layers, grouping.Sizes.Count));
                Assert.Equal(grouping.Exact, Fulfils(pattern, grouping.Sizes));
            }
    }

    [Fact]
    public void Every_layer_is_its_own_group() => Assert.Equal([1, 1, 1], LayerGrouping.Of(GroupingPattern.EveryLayer, 3, 3).Sizes);

    [Fact]
    public void Groupings_are_equal_by_value()
    {
        Assert.Equal(LayerGrouping.Of(GroupingPattern.Spindle, 12, 4), new(GroupingPattern.Spindle, [2, 4, 4, 2], true));
        Assert.NotEqual(LayerGrouping.Of(GroupingPattern.Spindle, 12, 4), new(GroupingPattern.Spindle, [4, 2, 2, 4], true));
    }

    [Fact]
    public void Impossible_groups_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => LayerGrouping.Of(GroupingPattern.Spindle, 3, 4));
        Assert.ThrowsAny<ArgumentException>(() => LayerGrouping.Of(GroupingPattern.Spindle, 3, 0));
        Assert.ThrowsAny<ArgumentException>(() => LayerGrouping.Of(GroupingPattern.Custom, 3, 2));
        Assert.ThrowsAny<ArgumentException>(() => LayerGrouping.Custom([1, 0]));
    }

    private static readonly GroupingPattern[] Patterns =
        [GroupingPattern.Increasing, GroupingPattern.Uniform, GroupingPattern.Decreasing, GroupingPattern.Spindle, GroupingPattern.Bottleneck];

    private static IEnumerable<int[]> Compositions(int layers, int groups) => groups == 1
        ? [[layers]]
        : Enumerable.Range(1, layers - groups + 1).SelectMany(first => Compositions(layers - first, groups - 1).Select(rest => (int[])[first, .. rest]));

    // the definition, written out on its own
    private static bool Fulfils(GroupingPattern pattern, IReadOnlyList<int> sizes)
    {
        var half = sizes.Count / 2;
        bool Rises(int from, int to) => Enumerable.Range(from, Math.Max(0, to - from)).All(i => sizes[i] < sizes[i + 1]);
        bool Falls(int from, int to) => Enumerable.Range(from, Math.Max(0, to - from)).All(i => sizes[i] > sizes[i + 1]);
        var last = sizes.Count - 1;
        var even = sizes.Count % 2 == 0;
        return pattern switch
        {
            GroupingPattern.Increasing => Rises(0, last),
            GroupingPattern.Decreasing => Falls(0, last),
            GroupingPattern.Uniform => sizes.Distinct().Count() == 1,
            GroupingPattern.Spindle => even ? Rises(0, half - 1) && sizes[half - 1] == sizes[half] && Falls(half, last) : Rises(0, half) && Falls(half, last),
            _ => even ? Falls(0, half - 1) && sizes[half - 1] == sizes[half] && Rises(half, last) : Falls(0, half) && Rises(half, last),
        };
    }

    private static (double, double, string) Rank(GroupingPattern pattern, int[] sizes, int layers)
    {
        var groups = sizes.Length;
        var middle = Enumerable.Range(1, groups).Select(i => Math.Min(i, groups + 1 - i)).ToArray();
        double[] profile = pattern switch
        {
            GroupingPattern.Increasing => [.. Enumerable.Range(1, groups)],
            GroupingPattern.Decreasing => [.. Enumerable.Range(1, groups).Reverse()],
            GroupingPattern.Uniform => [.. middle.Select(_ => 1.0)],
            GroupingPattern.Spindle => [.. middle],
            _ => [.. middle.Select(i => middle.Max() + 1 - i)],
        };
        var ideal = profile.Select(weight => layers * weight / profile.Sum()).ToArray();
        double distance = 0, borders = 0, border = 0;
        for (var i = 0; i < groups; i++)
        {
            borders += border * border;
            distance += (sizes[i] - ideal[i]) * (sizes[i] - ideal[i]);
            border += sizes[i] - ideal[i];
        }

        return (Math.Round(distance, 9), Math.Round(borders, 9), string.Concat(sizes.Select(size => (char)('0' + size))));
    }
}
