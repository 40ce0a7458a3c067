using System.Globalization;
using Spindle.Metrics.LinearModels;
using Spindle.Search.Explanations;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>Why the winner and the found design are as they are, in sentences: from the effects of their own choices, and from how far the winner leads.</summary>
internal static class DesignReasons
{
    private const double Level = 0.05;
    private const int MostEffects = 3;

    /// <summary>The sentences; none where there is no explanation.</summary>
    /// <param name="result">The result.</param>
    /// <param name="withLead">Whether they say how far the winner leads.</param>
    public static IReadOnlyList<string> List(StudyResult result, bool withLead)
    {
        if (result.Explanation is not { } explanation) return [];
        string[] why = explanation.Reason is { } reason ? [char.ToUpperInvariant(reason[0]) + reason[1..] + "."] : [];
        if (explanation.MainEffects.Count == 0) return [.. why, .. withLead ? Lead(result) : []];
        return
        [
            .. why,
            .. result switch
            {
                { Winner: { } winner } when explanation.Sides.ContainsKey(winner.Name) => Side(explanation, winner),
                { Winner: { } winner } => [$"{Conclusions.Capital(Conclusions.NameOf(winner))} trains no design, so no choice of a design explains its score."],
                { Found: { } found } when explanation.Sides.ContainsKey(found.Name) => Side(explanation, found),
                _ => [SoFar(explanation)],
            },
            .. withLead ? Lead(result) : [],
            // the first sentence says most
            .. explanation.Reason is null && result is { Winner.Name: var name, Found: { } other } && other.Name != name && explanation.Sides.ContainsKey(other.Name) ? Side(explanation, other).Take(1) : [],
        ];
    }

    /// <summary>A rank correlation in a sentence.</summary>
    public static string Sentence(RegimeCorrelation found) => string.Create(CultureInfo.InvariantCulture, $"Rank correlation of {found.Cheap.Stage} ({Conditions(found.Cheap)}) with {found.Full.Stage} ({Conditions(found.Full)}): {Figures.Points(found.Ranks.Value)} ")
        + $"({Figures.Points(found.Ranks.Lower)} to {Figures.Points(found.Ranks.Upper)}) over "
        + (found.IsOfSurvivors ? $"the {Figures.Whole(found.Ranks.Count)} of {Figures.Whole(found.Trained)} sides that survived." : $"{Figures.Count(found.Ranks.Count, "side")}.");

    /// <summary>The conditions of a regime in a few words.</summary>
    public static string Conditions(Regime regime) => Figures.Count(regime.Epochs, "epoch")
        + (regime.TrainingRows is { } rows ? $", {Figures.Whole(rows)} rows" : "")
        + (regime.Runs > 1 ? $", mean of {Figures.Whole(regime.Runs)} seeds" : "");

    /// <summary>A level in words: <c>grouping spindle</c>, and of a strategy its name.</summary>
    public static string Words(FactorLevel level) => level.Factor switch
    {
        Factor.Strategy => level.Name,
        Factor.Settings => level.Name == "none" ? "no other listed setting" : level.Name,
        _ => $"{Words(level.Factor)} {level.Name}",
    };

    /// <summary>A factor in words.</summary>
    public static string Words(Factor factor) => factor switch
    {
        Factor.TunedGroups => "tuned groups",
        Factor.LearningRate => "learning rate",
        Factor.Settings => "other settings",
        _ => factor.ToString().ToLowerInvariant(),
    };

    // what moved the score, and what made no difference that can be shown
    private static string[] Side(Explanation explanation, FinalResult side)
    {
        var (choices, name) = (explanation.Sides[side.Name], Conclusions.NameOf(side));
        MainEffect[] own = [.. explanation.MainEffects.Where(effect => IsChoice(effect, choices))];
        string[] moved =
        [
            .. own.Where(effect => effect.CorrectedProbability < Level).OrderBy(effect => effect.Points.Probability).Take(MostEffects).Select(effect => Gain(effect, choices)),
            .. explanation.Interactions.Where(effect => effect.CorrectedProbability < Level && Has(choices, effect.Strategy) && Has(choices, effect.Other)).Take(1).Select(Together),
        ];
        string[] unclear = [.. own.Where(effect => effect.CorrectedProbability >= Level && Has(choices, effect.Level)).Select(effect => $"{Words(effect.Level)} (at most {Figures.Points(Math.Max(Math.Abs(effect.Points.Lower), Math.Abs(effect.Points.Upper)))} points)")];
        var shown = $"that {Figures.Count(explanation.Designs, "design")} could show: {string.Join(", ", unclear)}.";
        return
        [
            .. moved.Length > 0 ? [$"What moved the score of {name}: {string.Join("; ", moved)}."] : Array.Empty<string>(),
            .. unclear.Length == 0 ? Array.Empty<string>() : [moved.Length > 0 ? $"Its other choices make no difference {shown}" : explanation.Reason is null ? $"No choice of {name} makes a difference {shown}" : $"What could be compared of {name} makes no difference {shown}"],
        ];
    }

    private static string SoFar(Explanation explanation) => explanation.MainEffects.Where(effect => effect.CorrectedProbability < Level).OrderBy(effect => effect.Points.Probability).Take(MostEffects).ToArray() is { Length: > 0 } moved
        ? $"What moved the score most so far: {string.Join("; ", moved.Select(effect => Gain(effect, null)))}."
        : $"No choice has made a difference that {Figures.Count(explanation.Designs, "design")} could show so far.";

    private static IEnumerable<string> Lead(StudyResult result)
    {
        if (result.Winner is not { IsScored: true } winner || result.Sides.Where(side => side is { IsWithinBudget: true, IsScored: true } && side.Name != winner.Name).MaxBy(side => side.Mean) is not { } other) yield break;
        if (PairedDifference.Of(winner, other, result.Voting.Names)?.Test is not { } test) yield break;
        var verb = test.Estimate > 0 ? "leads" : test.Estimate < 0 ? "trails" : "equals";
        yield return $"{Conclusions.Capital(Conclusions.NameOf(winner))} {verb} {Conclusions.NameOf(other)}, the best other side within the budget"
            + (test.Estimate == 0 ? "" : $", by {Interval(test.Estimate, test.Lower, test.Upper)}") + ".";
    }

    // a strategy that is not used is a choice too, if it can be told what it would have done
    private static bool IsChoice(MainEffect effect, DesignChoices choices) => Has(choices, effect.Level) || (effect is { IsAgainstNone: true, Level.Factor: Factor.Strategy } && effect.CorrectedProbability < Level);

    private static bool Has(DesignChoices choices, FactorLevel level) => level.Factor == Factor.Strategy ? choices.ShareOf(level.Name) > 0 : choices.Levels.Contains(level);

    private static string Gain(MainEffect effect, DesignChoices? choices)
    {
        var isUnused = choices is not null && !Has(choices, effect.Level);
        var gains = effect.Points.Value > 0 != isUnused;
        var (over, against) = gains ? ("gains", "over") : ("costs", "against");
        var what = !effect.IsAgainstNone ? $"the mean of {(effect.Level.Factor == Factor.Strategy ? "the strategies" : $"all {Plural(effect.Level.Factor)}")}"
            : isUnused ? "designs with it in every tuned layer"
            : "designs without it";
        var share = !isUnused && choices is not null && effect.Level.Factor == Factor.Strategy && choices.ShareOf(effect.Level.Name) < 1 ? string.Create(CultureInfo.InvariantCulture, $" (here in {choices.ShareOf(effect.Level.Name):0%} of the tuned layers)") : "";
        return $"{(isUnused ? "doing without " : "")}{Words(effect.Level)}{share} {over} {Size(effect.Points)} {against} {what}, over {Figures.Count(effect.Designs, "design")}{(isUnused ? " with it" : "")}";
    }

    private static string Together(InteractionEffect effect) =>
        $"{Words(effect.Strategy)} and {Words(effect.Other)} together {(effect.Points.Value > 0 ? "gain" : "cost")} a further {Size(effect.Points)}, over {Figures.Count(effect.Designs, "design")}";

    private static string Plural(Factor factor) => factor switch
    {
        Factor.TunedGroups => "sets of groups",
        Factor.Settings => "listed values",
        _ => Words(factor) + "s",
    };

    private static string Size(ContrastEstimate points) => Interval(points.Value, points.Lower, points.Upper);

    // without a sign: the verb says it
    private static string Interval(double value, double? lower, double? upper)
    {
        if (value < 0) (value, lower, upper) = (-value, -upper, -lower);
        return $"{Figures.Points(value)} points" + (lower is null ? "" : $" ({Figures.Points(lower)} to {Figures.Points(upper)})");
    }
}
