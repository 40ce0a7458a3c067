using System.Globalization;
using Spindle.Designs.Plans;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>A task in which what a strategy is worth changes with the depth of its layer, and every design has something that only it has. Tasks can be like each other.</summary>
/// <param name="seed">The seed of the effects.</param>
/// <param name="layers">The number of layers.</param>
/// <param name="noise">The standard deviation of a training's noise in points.</param>
internal sealed class SmoothLandscape(int seed, int layers, double noise)
{
    private const double Effect = 4;
    private const double Single = 0.5;

    /// <summary>Another task, and the correlation of each effect with it.</summary>
    public (SmoothLandscape Other, double Correlation)? Like { get; init; }

    /// <summary>The true score of a plan.</summary>
    public double Truth(TuningPlan.Sized plan) => 70
        + plan.Layers.Sum(layer => layer.Strategies.Sum(strategy => Worth(strategy.Name, 2.0 * layer.Layer / (layers - 1) - 1))) / layers
        + Single * Drawn("single", string.Join(' ', plan.Layers.SelectMany(layer => layer.Strategies.Select(strategy => $"{layer.Layer} {strategy.Name} {strategy.Size}"))));

    /// <summary>What a training scores.</summary>
    public double Score(TrialRequest request) => request.Plan is TuningPlan.Sized plan
        ? Truth(plan) + (2 * Landscape.Deviate(request.Key.Seed, "shared")) + (noise * Landscape.Deviate(request.Key.Seed, seed.ToString(CultureInfo.InvariantCulture), request.Key.Option, request.Key.Stage))
        : 70;

    private double Worth(string strategy, double depth) => Effect * (Drawn("level", strategy) + (Drawn("slope", strategy) * depth) + (Drawn("curve", strategy) * ((depth * depth) - 0.4)));

    private double Drawn(string what, string of) => Like is var (other, correlation)
        ? (correlation * other.Drawn(what, of)) + (Math.Sqrt(1 - (correlation * correlation)) * Landscape.Deviate(seed, what, of))
        : Landscape.Deviate(seed, what, of);
}
