using System.Globalization;
using System.Text;
using Spindle.Metrics.LinearModels;
using Spindle.Search.Explanations;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>Which choices moved the score, as a part of a Markdown page.</summary>
internal static class ExplanationPage
{
    /// <summary>Adds the part.</summary>
    public static void Add(StringBuilder page, StudyResult result, Explanation explanation)
    {
        page.Append("## Why this design\n\n");
        foreach (var sentence in DesignReasons.List(result, withLead: true)) page.Append(sentence).Append("\n\n");
        if (explanation.MainEffects.Count > 0) MainEffects(page, explanation);
        if (explanation.Interactions.Count > 0) Interactions(page, explanation);
        if (explanation.Correlations.Count > 0) Correlations(page, explanation.Correlations);
    }

    private static void MainEffects(StringBuilder page, Explanation explanation)
    {
        page.Append(CultureInfo.InvariantCulture, $"### Main effects\n\nEffects in points, other choices being equal, from {Figures.Count(explanation.Scores, "score")} of {Figures.Count(explanation.Designs, "design")}: a linear model of the scores on the rows that select, ")
            .Append("with stages, rows and seeds as controls and a random effect of each design. The effect of a strategy against none is the difference between having it in every tuned layer and in none; every other effect is the difference from the mean of the choice's listed levels. ")
            .Append("A later stage fixes what earlier ones chose, so choices are compared only within a stage, and a level that no stage compares with others is not listed. ")
            .Append("p-values are corrected by Holm's method for all main effects.\n\n");
        MarkdownReport.Table(
            page,
            ["choice", "level", "effect", "95%", "p (Holm)", "designs"],
            explanation.MainEffects.Select(effect => (string[])
            [
                DesignReasons.Words(effect.Level.Factor),
                effect.Level.Name + (effect.IsAgainstNone ? ", against none" : ""),
                .. Cells(effect.Points, effect.CorrectedProbability),
                Figures.Whole(effect.Designs),
            ]));
    }

    private static void Interactions(StringBuilder page, Explanation explanation)
    {
        page.Append(CultureInfo.InvariantCulture, $"### Interactions\n\nThe largest of {Figures.Whole(explanation.TriedInteractions)} that were tried, each added to the model alone: how much more a strategy gains in every tuned layer where the other choice is made too than elsewhere. ")
            .Append("p-values are corrected by Holm's method for all that were tried.\n\n");
        MarkdownReport.Table(
            page,
            ["strategy", "with", "effect", "95%", "p (Holm)", "designs"],
            explanation.Interactions.Select(effect => (string[])
            [
                effect.Strategy.Name,
                DesignReasons.Words(effect.Other),
                .. Cells(effect.Points, effect.CorrectedProbability),
                Figures.Whole(effect.Designs),
            ]));
    }

    private static void Correlations(StringBuilder page, IReadOnlyList<RegimeCorrelation> correlations)
    {
        page.Append("### Rank correlation of cheap and longer training\n\nSpearman's correlation of the scores of the sides that were trained in both, with its 95% interval.")
            .Append(correlations.Any(found => found.IsOfSurvivors) ? " Only those that survived the cheap training were trained longer; ranks among them agree less than among all.\n\n" : "\n\n");
        MarkdownReport.Table(
            page,
            ["cheap", "longer", "sides", "of", "correlation", "95%"],
            correlations.Select(found => (string[])
            [
                $"{found.Cheap.Stage} ({DesignReasons.Conditions(found.Cheap)})",
                $"{found.Full.Stage} ({DesignReasons.Conditions(found.Full)})",
                Figures.Whole(found.Ranks.Count),
                Figures.Whole(found.Trained),
                Figures.Points(found.Ranks.Value),
                $"{Figures.Points(found.Ranks.Lower)} to {Figures.Points(found.Ranks.Upper)}",
            ]));
    }

    private static string[] Cells(ContrastEstimate points, double corrected) =>
        [Figures.Signed(points.Value), $"{Figures.Signed(points.Lower)} to {Figures.Signed(points.Upper)}", Figures.Thousandths(corrected)];
}
