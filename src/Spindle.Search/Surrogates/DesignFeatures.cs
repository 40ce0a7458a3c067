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
    public IReadOnlyList<double> Of(Side side, LearningRate? rate) => Of(PlanTraits.Of(side.Plan, problem.Space.Layers, problem.Budget), rate?.OfStrategies, side.Settings, side.Name);

    /// <summary>The features of a side of an earlier search.</summary>
    /// <param name="score">The side and its score.</param>
    public IReadOnlyList<double> Of(EarlierScore score) => Of(score.Plan, score.LearningRate, score.Settings, score.Plan.Kind);

    /// <summary>Whether a plan of an earlier search has only strategies and baselines that have features.</summary>
    /// <param name="plan">The plan.</param>
    public bool Describe(PlanTraits plan) => plan.Kind is { } kind ? others.Contains(kind) : plan.Strategies.Keys.All(strategies.Contains);

    private IReadOnlyList<double> Of(PlanTraits plan, double? rate, string? settings, string? name)
    {
        var step = Math.Log2((rate ?? own) / own);
        var features = new List<double> { step, step * step, plan.Layers, Math.Log2(plan.Budget + 1) };
        foreach (var strategy in strategies)
            features.AddRange(plan.Strategies.TryGetValue(strategy, out var part) ? [part.Share, part.Places, part.Depth, part.Places * step] : [0, 0, 0, 0]);
        features.Add(plan.Depth);
        features.AddRange(others.Select(other => other == name ? 1.0 : 0));
        string[] chosen = settings?.Split([',', '{', '}'], StringSplitOptions.TrimEntries) ?? [];
        features.AddRange(values.Select(value => chosen.Contains(value) ? 1.0 : 0));
        return features;
    }
}
