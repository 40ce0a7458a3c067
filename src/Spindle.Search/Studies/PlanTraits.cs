using Spindle.Designs.Plans;

namespace Spindle.Search.Studies;

/// <summary>A plan in numbers that are relative to its backbone and its budget, so that plans of other backbones can be compared with it.</summary>
/// <param name="Kind">What is trained where no strategy is, <see cref="BaselineNames.Full"/> or <see cref="BaselineNames.Head"/>; null where strategies are.</param>
/// <param name="Layers">The share of the layers that are tuned.</param>
/// <param name="Budget">The trained parameters as a share of the budget.</param>
/// <param name="Depth">The mean depth of the trained parameters, from −1 for the first layer to 1 for the last.</param>
/// <param name="Strategies">The strategies that are trained, by name.</param>
public sealed record PlanTraits(string? Kind, double Layers, double Budget, double Depth, IReadOnlyDictionary<string, StrategyTraits> Strategies)
{
    /// <summary>The traits of a plan.</summary>
    /// <param name="plan">The plan, or null for one that trains nothing.</param>
    /// <param name="layers">The number of layers of its backbone.</param>
    /// <param name="budget">The number of parameters that it may train.</param>
    public static PlanTraits Of(TuningPlan? plan, int layers, long budget)
    {
        var tuned = (plan as TuningPlan.Sized)?.Layers ?? [];
        var trained = Math.Max(1, tuned.Sum(layer => (double)layer.Parameters));
        var strategies = new OrderedDictionary<string, StrategyTraits>(StringComparer.Ordinal);
        foreach (var parts in tuned.SelectMany(layer => layer.Strategies.Select(sized => (sized.Name, Depth: DepthOf(layer.Layer), Share: sized.Parameters / trained))).GroupBy(part => part.Name, StringComparer.Ordinal))
            strategies.Add(parts.Key, new(parts.Sum(part => part.Share), parts.Count() / (double)layers, parts.Sum(part => part.Share * part.Depth)));
        return new(
            plan is TuningPlan.Full ? BaselineNames.Full : tuned.Count == 0 ? BaselineNames.Head : null,
            tuned.Count / (double)layers,
            trained / budget,
            tuned.Sum(layer => layer.Parameters / trained * DepthOf(layer.Layer)),
            strategies);

        double DepthOf(int layer) => layers == 1 ? 0 : (2.0 * layer / (layers - 1)) - 1;
    }
}

/// <summary>A strategy in a plan.</summary>
/// <param name="Share">Its share of the trained parameters.</param>
/// <param name="Places">The share of the layers that it is in.</param>
/// <param name="Depth">The depth of its parameters times their share of all trained ones.</param>
public sealed record StrategyTraits(double Share, double Places, double Depth);
