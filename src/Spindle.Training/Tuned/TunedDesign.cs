using Spindle.Designs;
using Spindle.Designs.Plans;

namespace Spindle.Training.Tuned;

/// <summary>Reconstructs a design from sized layers.</summary>
internal static class TunedDesign
{
    private const int LargestWeight = 1_000_000;

    /// <summary>Returns a design with one group for every run of layers with the same strategies, and shares proportional to the layers' trained parameters.</summary>
    /// <param name="tuned">The tuned layers.</param>
    /// <param name="layers">The number of the backbone's layers.</param>
    public static Design Of(IReadOnlyList<LayerTuning> tuned, int layers)
    {
        var byLayer = tuned.ToDictionary(layer => layer.Layer);
        var sets = Enumerable.Range(0, layers)
            .Select(layer => byLayer.TryGetValue(layer, out var found) ? new StrategySet(found.Strategies.Select(strategy => strategy.Name)) : StrategySet.Empty).ToArray();
        int[] starts = [.. Enumerable.Range(0, layers).Where(layer => layer == 0 || !sets[layer].Equals(sets[layer - 1]))];
        var sizes = starts.Zip(starts.Skip(1).Append(layers), (start, end) => end - start);
        long[] parameters = [.. Enumerable.Range(0, layers).Select(layer => byLayer.GetValueOrDefault(layer)?.Parameters ?? 1)];
        var unit = Math.Max(1, (parameters.Max() + LargestWeight - 1) / LargestWeight);
        return new(
            LayerGrouping.Custom([.. sizes]),
            Allocation.Drawn([.. parameters.Select(count => (int)Math.Max(1, count / unit))]),
            new([.. starts.Select(start => sets[start])]));
    }
}
