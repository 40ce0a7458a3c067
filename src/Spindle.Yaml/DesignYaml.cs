using System.Text;
using Spindle.Designs;
using Spindle.Designs.Text;

namespace Spindle.Yaml;

/// <summary>Designs in YAML: the grouping's pattern, the allocation's pattern (or drawn weights, one a layer), and for each group its number of layers
/// and its strategies, none where it is not tuned.</summary>
public static class DesignYaml
{
    // deeper than any backbone, small enough that the sizes of a pattern are found at once
    private const int MostLayers = 256;

    /// <summary>The design as text that <see cref="Parse"/> reads back as an equal one.</summary>
    /// <exception cref="ArgumentException">The grouping's sizes are not its pattern's: such a grouping is <see cref="GroupingPattern.Custom"/>.</exception>
    public static string Write(Design design)
    {
        var grouping = design.Grouping;
        if (grouping.Pattern != GroupingPattern.Custom && grouping != LayerGrouping.Of(grouping.Pattern, grouping.Layers, grouping.Sizes.Count))
            throw new ArgumentException($"the sizes of grouping {grouping} are not its pattern's", nameof(design));
        var allocation = design.Allocation;
        if (allocation.Pattern != AllocationPattern.Drawn && allocation != Allocation.Of(allocation.Pattern, allocation.Weights.Count))
            throw new ArgumentException($"the weights of allocation {allocation} are not its pattern's", nameof(design));

        var text = new StringBuilder();
        text.Append("grouping: ").Append(KebabCase.From(grouping.Pattern)).Append('\n');
        text.Append("allocation: ")
            .Append(allocation.Pattern == AllocationPattern.Drawn ? YamlText.List(allocation.Weights.Select(YamlText.Format)) : KebabCase.From(allocation.Pattern))
            .Append('\n');
        text.Append("groups:\n");
        foreach (var (size, set) in grouping.Sizes.Zip(design.Strategies.Groups))
            text.Append("  - {layers: ").Append(YamlText.Format(size)).Append(", strategies: ").Append(YamlText.List(set.Select(YamlText.Format))).Append("}\n");
        return text.ToString();
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="strategies">The strategies that are known, or null to take any.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no design; the message says where and why.</exception>
    public static Design Read(string path, IEnumerable<string>? strategies = null) => Read(YamlSource.Read(path).Mapping(), strategies);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="strategies">The strategies that are known, or null to take any.</param>
    /// <exception cref="InvalidDataException">The text holds no design; the message says where and why.</exception>
    public static Design Parse(string text, string name, IEnumerable<string>? strategies = null)
    {
        var known = strategies?.ToArray();
        return WrittenDesign.Read(text) is { } written && written.Layers <= MostLayers && (known is null || written.Strategies.Groups.All(set => set.All(known.Contains)))
            ? written
            : Read(YamlSource.Parse(text, name).Mapping(), known);
    }

    /// <summary>Reads a design that is part of a larger document.</summary>
    /// <param name="mapping">The design's keys; no other may be among them.</param>
    /// <param name="strategies">The strategies that are known, or null to take any.</param>
    /// <exception cref="InvalidDataException">The mapping holds no design; the message says where and why.</exception>
    public static Design Read(YamlMappingReader mapping, IEnumerable<string>? strategies = null)
    {
        var pattern = mapping.Required("grouping").AsChoice<GroupingPattern>();
        var allocationAt = mapping.Required("allocation");
        var (sizes, sets) = ReadGroups(mapping.Required("groups"), strategies?.ToArray());
        var grouping = ReadGrouping(mapping, pattern, sizes);
        var allocation = ReadAllocation(allocationAt, grouping.Layers);
        mapping.Finish();
        return new(grouping, allocation, new(sets));
    }

    private static (int[] Sizes, StrategySet[] Sets) ReadGroups(YamlValue groups, string[]? known)
    {
        var sizes = new List<int>();
        var sets = new List<StrategySet>();
        foreach (var item in groups.AsList())
        {
            var group = item.AsMapping();
            sizes.Add(group.Required("layers").AsInteger(1, MostLayers));
            var names = group.Required("strategies").AsList();
            var set = new StrategySet(names.Select(name => known is null ? name.AsText() : name.AsChoice(known)));
            if (set.Count < names.Count) throw group.Error("strategies", "a strategy is named twice; keep one");
            sets.Add(set);
            group.Finish();
            if (sizes.Sum() > MostLayers) throw item.Error($"more than {MostLayers} layers; write as many as the backbone has");
        }

        if (sets.All(set => set.IsEmpty)) throw groups.Error("no group is tuned; give at least one group a strategy");
        return ([.. sizes], [.. sets]);
    }

    private static LayerGrouping ReadGrouping(YamlMappingReader mapping, GroupingPattern pattern, int[] sizes)
    {
        if (pattern == GroupingPattern.Custom) return LayerGrouping.Custom(sizes);
        var grouping = LayerGrouping.Of(pattern, sizes.Sum(), sizes.Length);
        if (grouping.Sizes.SequenceEqual(sizes)) return grouping;
        throw mapping.Error("groups", pattern == GroupingPattern.EveryLayer
            ? "with grouping 'every-layer' each group has one layer; write 'layers: 1' in each, or 'grouping: custom'"
            : $"a {KebabCase.From(pattern)} of {grouping.Layers} layers in {sizes.Length} groups is {string.Join(", ", grouping.Sizes)}, not {string.Join(", ", sizes)}; write those layers, or 'grouping: custom'");
    }

    private static Allocation ReadAllocation(YamlValue value, int layers)
    {
        if (value.IsList)
        {
            var weights = value.AsList().Select(weight => weight.AsInteger(1, 1_000_000)).ToArray();
            return weights.Length == layers
                ? Allocation.Drawn(weights)
                : throw value.Error($"'allocation' has {weights.Length} weights for {layers} layers; write one per layer");
        }

        var pattern = value.AsChoice<AllocationPattern>();
        return pattern != AllocationPattern.Drawn
            ? Allocation.Of(pattern, layers)
            : throw value.Error("allocation 'drawn' needs its weights; write one per layer: [3, 17, …]");
    }
}
