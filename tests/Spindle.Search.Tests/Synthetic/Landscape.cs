using System.Globalization;
using MathNet.Numerics.Distributions;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Designs.Text;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>Random true effects of every choice of the stages, and scores with normal noise: of the seed, which all designs share, and of each training.</summary>
/// <param name="space">The space.</param>
/// <param name="seed">The seed of the effects.</param>
/// <param name="effect">The standard deviation of an effect in points; 0 makes all designs equal.</param>
/// <param name="noise">The standard deviation of a training's noise in points.</param>
internal sealed class Landscape(DesignSpace space, int seed, double effect, double noise)
{
    private readonly Dictionary<(string Stage, string Option), double> effects = [];
    private readonly Dictionary<(int Group, StrategySet Set), double> centred = [];

    /// <summary>The true effect of an option.</summary>
    public double Effect(string stage, string option)
    {
        if (!effects.TryGetValue((stage, option), out var drawn)) effects.Add((stage, option), drawn = effect * Deviate(seed, "effect", stage, option));
        return drawn;
    }

    /// <summary>The true score of a design.</summary>
    public double Truth(Design design)
    {
        var score = 70 + Effect("S1", KebabCase.From(design.Grouping.Pattern)) + Effect("S2", KebabCase.From(design.Allocation.Pattern)) + Effect("S3", design.Tunable.ToString(space.Groups));
        foreach (var (group, set) in design.Strategies.Groups.Index())
            if (!set.IsEmpty) score += Centred(group, set);
        return score;
    }

    /// <summary>What a training scores.</summary>
    public double Score(TrialRequest request)
    {
        var (key, shared) = (request.Key, 2 * Deviate(request.Key.Seed, "shared", request.Key.Task));
        return request.Plan is not TuningPlan.Sized { Design: { } design } || design.Grouping.Sizes.Count > space.Groups || key.Stage == "S0"
            ? 70 + shared
            : Truth(design) + shared + (noise * Deviate(key.Seed, seed.ToString(CultureInfo.InvariantCulture), key.Task, design.ToString()));
    }

    // around the mean of all sets, so that a group is worth nothing by being tuned
    private double Centred(int group, StrategySet set)
    {
        if (!centred.TryGetValue((group, set), out var value))
            centred.Add((group, set), value = GroupEffect(group, set) - space.StrategySets.Average(other => GroupEffect(group, other)));
        return value;
    }

    private double GroupEffect(int group, StrategySet set) => Effect($"S4.G{group + 1}", set.ToString());

    internal static double Deviate(int seed, params string[] parts) => Normal.InvCDF(0, 1, (DerivedSeed.Derive(seed, parts) + 0.5) / (int.MaxValue + 1.0));
}
