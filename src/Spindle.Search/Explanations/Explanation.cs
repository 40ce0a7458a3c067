using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Explanations;

/// <summary>Which choices of a search moved the score, and how far its cheap trainings can be trusted. Effects come from a linear model of the mean scores of all designs whose every task counts:
/// grouping, allocation, tuned groups, the share of the tuned layers that each strategy is in, learning rate and other listed settings, with stages, rows and seeds as controls, and a random effect of each design,
/// because a design that is trained again is not a new one.</summary>
/// <param name="Designs">The designs.</param>
/// <param name="Scores">Their training runs: designs under conditions.</param>
/// <param name="MainEffects">The main effects by factor. Where there are too few designs for their choices, at most those of what was changed without changing the design, such as the learning rate.</param>
/// <param name="Interactions">The largest interactions, at most three.</param>
/// <param name="TriedInteractions">How many were tried.</param>
/// <param name="Correlations">The rank correlations between cheap and longer training; empty where a search trains everything alike.</param>
/// <param name="Sides">What was chosen for each side of the final comparison that has a design, by the side's name.</param>
/// <param name="Reason">Why there are no effects, or none of the choices of designs; otherwise null.</param>
public sealed record Explanation(
    int Designs,
    int Scores,
    IReadOnlyList<MainEffect> MainEffects,
    IReadOnlyList<InteractionEffect> Interactions,
    int TriedInteractions,
    IReadOnlyList<RegimeCorrelation> Correlations,
    IReadOnlyDictionary<string, DesignChoices> Sides,
    string? Reason)
{
    /// <summary>The fewest degrees of freedom of the residuals with which effects are estimated.</summary>
    public const int FewestDegreesOfFreedom = 5;

    private const int MostInteractions = 3;

    /// <summary>Explains the finished trials of a search.</summary>
    /// <param name="study">The study.</param>
    /// <param name="records">The stages.</param>
    /// <param name="trials">The trials.</param>
    public static Explanation Of(StudyRecord study, IReadOnlyList<StageRecord> records, IReadOnlyList<Trial> trials)
    {
        var sides = ScoredSide.List(study, records, trials);
        var columns = new EffectColumns(sides.Where(side => DesignOf(side) is not null).Select(side => (side, DesignOf(side)!)));
        var final = records.FirstOrDefault(record => record.IsFinalComparison)?.Name;
        var known = new Explanation(
            columns.Designs, columns.Scores, [], [], 0, RegimeCorrelation.List(sides),
            sides.Where(side => side.Stage == final && DesignOf(side) is not null).DistinctBy(side => side.Option)
                .ToDictionary(side => side.Option, side => DesignChoices.Of(DesignOf(side)!, side.Key.LearningRate, side.Key.Settings), StringComparer.Ordinal),
            null);
        if (columns.Scores == 0) return known with { Reason = "no design has been trained on every task yet" };
        if (columns.Levels.Count == 0) return known with { Reason = "all designs make the same choices, so there is nothing to explain" };
        var between = columns.FewestDegreesBetweenDesigns >= FewestDegreesOfFreedom ? columns.FewestDegreesBetweenDesigns : columns.DegreesBetweenDesigns();
        var isWithinDesigns = between < FewestDegreesOfFreedom && !columns.AreStrategiesAlone;
        if (isWithinDesigns) known = known with { Reason = FormattableString.Invariant($"too few designs to explain their choices: {columns.Designs} designs leave {between} degrees of freedom, and {FewestDegreesOfFreedom} are needed") };
        var model = columns.Fit(isWithinDesigns);
        if (model.DegreesOfFreedom < FewestDegreesOfFreedom)
            return known with { Reason = FormattableString.Invariant($"too few designs to explain their choices: {columns.Scores} scores of {columns.Designs} designs leave {model.DegreesOfFreedom} degrees of freedom, and {FewestDegreesOfFreedom} are needed") };
        if (!model.Varies) return known with { Reason = "designs that make the same choices score the same, so nothing is known about chance" };
        var estimates = new EffectEstimates(columns, model);
        var (effects, interactions) = (estimates.MainEffects(), estimates.Interactions());
        return effects.Count == 0
            ? known with { Reason = known.Reason ?? "no two levels of a choice were compared under the same conditions" }
            : known with { MainEffects = effects, Interactions = [.. interactions.Take(MostInteractions)], TriedInteractions = interactions.Count };
    }

    private static Design? DesignOf(ScoredSide side) => (side.Plan as TuningPlan.Sized)?.Design;
}
