using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Search.Surrogates;

/// <summary>Numbers that describe a side and how it is trained: the share of the trained parameters that each strategy has, the share of the layers that it is in, how deep it is, the learning rate alone and with each strategy,
/// and whatever else differs.</summary>
/// <param name="problem">The problem.</param>
internal sealed class DesignFeatures(SearchProblem problem)
{
    private readonly double own = problem.Study.LearningRates.FirstOrDefault(rate => rate.IsBase)?.OfStrategies ?? 1;

    // of other settings, as they stand in a side's text
    private readonly string[] values = [.. problem.Study.Combinations.SelectMany(combination => combination.Values).Select(value => $"{value.Name}: {value.Value}").Distinct()];

    // sides without a strategy; each is its own kind
    private readonly string[] others = [.. Baselines.List(problem).Where(side => side.Plan is not TuningPlan.Sized { Layers.Count: > 0 }).Select(side => side.Name)];

    // those of the space, and those of other designs in the comparison
    private readonly string[] strategies =
    [
        .. Baselines.List(problem).Select(side => side.Plan).OfType<TuningPlan.Sized>().SelectMany(plan => plan.Layers).SelectMany(layer => layer.Strategies).Select(strategy => strategy.Name)
            .Concat(problem.Space.Strategies).Distinct(),
    ];

    /// <summary>The features of a side at a learning rate.</summary>
    /// <param name="side">The side.</param>
    /// <param name="rate">The rate, or null for the study's.</param>
    public IReadOnlyList<double> Of(Side side, LearningRate? rate)
    {
        var layers = (side.Plan as TuningPlan.Sized)?.Layers ?? [];
        var (trained, step) = (Math.Max(1, layers.Sum(layer => (double)layer.Parameters)), Math.Log2((rate?.OfStrategies ?? own) / own));
        var features = new List<double> { step, step * step, layers.Count / (double)problem.Space.Layers, Math.Log2(trained / problem.Budget + 1) };
        foreach (var strategy in strategies)
        {
            var parts = layers.SelectMany(layer => layer.Strategies.Where(sized => sized.Name == strategy).Select(sized => (Depth: DepthOf(layer.Layer), Share: sized.Parameters / trained))).ToArray();
            var places = parts.Length / (double)problem.Space.Layers;
            features.AddRange([parts.Sum(part => part.Share), places, parts.Sum(part => part.Share * part.Depth), places * step]);
        }

        features.Add(layers.Sum(layer => layer.Parameters / trained * DepthOf(layer.Layer)));
        features.AddRange(others.Select(name => name == side.Name ? 1.0 : 0));
        string[] chosen = side.Settings?.Split([',', '{', '}'], StringSplitOptions.TrimEntries) ?? [];
        features.AddRange(values.Select(value => chosen.Contains(value) ? 1.0 : 0));
        return features;
    }

    // from −1 for the first layer to 1 for the last
    private double DepthOf(int layer) => problem.Space.Layers == 1 ? 0 : (2.0 * layer / (problem.Space.Layers - 1)) - 1;
}
