using System.Globalization;

namespace Spindle.Designs;

/// <summary>Carries a design over to a backbone of another depth.</summary>
public static class DesignScaling
{
    /// <summary>The same design in another number of layers: groups and allocation keep their patterns; custom sizes and drawn weights are stretched.</summary>
    /// <param name="design">The design.</param>
    /// <param name="layers">The new number of layers, at least 1.</param>
    /// <exception cref="InvalidDataException">There are fewer layers than groups.</exception>
    public static Design ToLayers(Design design, int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (layers == design.Layers) return design;
        int[] sources = [.. Enumerable.Range(0, layers).Select(layer => (int)((layer + 0.5) * design.Layers / layers))];
        var allocation = design.Allocation.Pattern == AllocationPattern.Drawn
            ? Allocation.Drawn([.. sources.Select(layer => design.Allocation.Weights[layer])])
            : Allocation.Of(design.Allocation.Pattern, layers);
        if (design.Grouping.Pattern == GroupingPattern.EveryLayer)
        {
            StrategySet[] sets = [.. sources.Select(layer => design.Strategies.Groups[layer])];
            if (Array.TrueForAll(sets, set => set.IsEmpty)) throw new InvalidDataException("none of the layers that remain is tuned; choose a design with fewer, larger groups");
            return new(LayerGrouping.EveryLayer(layers), allocation, new(sets));
        }

        var groups = design.Grouping.Sizes.Count;
        if (groups > layers) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the design has {groups} groups, which do not fit into {layers} layers; choose a design with fewer groups"));
        return new(
            design.Grouping.Pattern == GroupingPattern.Custom ? LayerGrouping.Custom(Stretched(design.Grouping.Sizes, layers)) : LayerGrouping.Of(design.Grouping.Pattern, layers, groups),
            allocation,
            design.Strategies);
    }

    // borders at the same share of the depth, each group with at least one layer
    private static int[] Stretched(IReadOnlyList<int> sizes, int layers)
    {
        var (total, border, before) = (sizes.Sum(), 0, 0);
        var stretched = new int[sizes.Count];
        for (var group = 0; group < sizes.Count; group++)
        {
            before += sizes[group];
            var next = Math.Clamp((int)Math.Round((double)before * layers / total, MidpointRounding.AwayFromZero), border + 1, layers - (sizes.Count - 1 - group));
            (stretched[group], border) = (next - border, next);
        }

        return stretched;
    }
}
