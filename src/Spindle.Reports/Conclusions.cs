using Spindle.Metrics.Comparisons;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Reports;

/// <summary>The conclusions that a study's numbers allow, and those that they do not, as sentences.</summary>
public static class Conclusions
{
    private const double Level = 0.05;

    /// <summary>The sentences, the most important first.</summary>
    /// <param name="result">The result.</param>
    /// <param name="saysHowToGoOn">Whether a partial result says where the search is and how to resume it.</param>
    public static IEnumerable<string> List(StudyResult result, bool saysHowToGoOn = true) => OfScores(result, saysHowToGoOn).Concat(EarlierText.List(result));

    private static IEnumerable<string> OfScores(StudyResult result, bool saysHowToGoOn)
    {
        if (!result.IsComplete)
        {
            var decided = result.Stages.Count(stage => stage.IsDecided);
            var at = result.Found is null ? result.Stages.FirstOrDefault(stage => !stage.IsDecided)?.Name ?? "the next stage" : "the final comparison";
            if (saysHowToGoOn) yield return FormattableString.Invariant(
                $"The search is not finished: it is at {at} after {result.Trials} trials (stages decided: {decided}). This report shows the results so far. To resume, run the search again.");
            if (result.Leader is { } leader) yield return $"The best so far is {leader}.";
        }

        if (result is { Winner: { } winner, Simplest: { } simplest }) yield return Recommendation(result, winner, simplest);
        if (result is { IsComplete: true, Refit: { Validation: { } again } refit })
            yield return $"{Capital(NameOf(refit))} was trained again on all training rows, those that select included: {Figures.Points(again)} points on the validation rows{(refit.Test is { } test ? $", {Figures.Points(test)} on the test rows" : "")}. This model is in the folder best/.";
        if (result.Reference is not { IsScored: true } reference) yield break;
        if (result.Voting.AtChance is { Count: > 0 } atChance)
            yield return (result.Voting.Names.Count == 0 ? "No side is better than guessing on any task, so nothing follows about " + NameOf(reference) + ": " : "No side is better than guessing on these tasks, so they do not count in the differences below: ")
                + string.Join(", ", atChance) + ".";
        var corrected = PairedTest.Corrected(result);
        foreach (var (other, role) in new[] { (result.BestOther, "the best other side within the budget"), (result.Full, null) })
        {
            if (other is null || result.Against(other) is not { Test: { Estimate: var mean } test } difference) continue;
            var name = role is null ? NameOf(other) : $"{NameOf(other)}, {role},";
            var verb = mean > 0 ? "leads" : mean < 0 ? "trails" : "equals";
            yield return $"{Capital(NameOf(reference))} {verb} {name} by {Figures.Points(Math.Abs(mean))} points "
                + $"(paired over {Figures.Count(difference.Differences.Count, "seed")}"
                + (test.StandardError is { } error ? $", standard error {Figures.Points(error)}" : "")
                + (corrected.GetValueOrDefault(other.Name) is { } p ? $", {Figures.Probability(p)} after Holm's correction" : "")
                + "): " + Verdict(test, corrected.GetValueOrDefault(other.Name));
            if (result.Rows.FirstOrDefault(rows => rows.Against == other.Name && rows.Task is null) is { } rows)
                yield return $"Over {Figures.Count(rows.Rows, "validation row")} "
                    + (rows.Seeds == difference.Differences.Count ? "this difference lies" : $"and the {Figures.Count(rows.Seeds, "seed")} that both completed, the difference is {Figures.Signed(rows.Effect.Difference)} and lies")
                    + (rows.SeedsAndRows is { } both
                        ? $" between {Figures.Signed(both.Lower)} and {Figures.Signed(both.Upper)} points (95%, multi-bootstrap over seeds and rows; {Figures.Probability(both.Probability)}): this is the uncertainty of both."
                        : $" between {Figures.Signed(rows.Effect.Lower)} and {Figures.Signed(rows.Effect.Upper)} points "
                            + $"(95%, paired bootstrap; {Figures.Probability(rows.Probability)} by a permutation test): this is the uncertainty of the rows, not of training with other seeds.");
        }
    }

    private static string Recommendation(StudyResult result, FinalResult winner, FinalResult simplest)
    {
        var what = NameOf(winner);
        var scores = result.SelectsOnOwnRows && winner.Validation is { } validation
            ? $"{Figures.Points(winner.Mean)} points on the selection rows, {Figures.Points(validation)} on the validation rows: a selection bias of {Figures.Signed(winner.Mean!.Value - validation)}"
            : $"{Figures.Points(winner.Mean)} points{(result.SelectsOnOwnRows ? "" : " on the validation rows, which also selected, as in the paper's protocol")}";
        if (winner.Test is { } test) scores += $", {Figures.Points(test)} on the test rows";
        var why = result.Best is { } best && best.Mean > winner.Mean
            ? $"the study prefers it ('prefer'), and the side with the best mean does not lead it significantly (it has {scores}; {NameOf(best)} {Figures.Points(best.Mean)})"
            : $"no side within the budget scores better ({scores})";
        var sure = winner.ProbabilityOfBest is { } probability ? $" The probability that it is the best of these sides is {Figures.Thousandths(probability)}, by the scores of the seeds on the rows that select." : "";
        return $"Use {what} ({Figures.Whole(winner.Trained)} trained parameters): {why}.{sure}"
            + (simplest == winner ? "" : $" {Capital(NameOf(simplest))} ({Figures.Whole(simplest.Trained)} parameters, {Figures.Points(simplest.Mean)} points) is the simplest side within one standard error of the best.");
    }

    /// <summary>A name at the start of a sentence.</summary>
    internal static string Capital(string name) => name.StartsWith("the ", StringComparison.Ordinal) ? "T" + name[1..] : name;

    /// <summary>What a side is called in sentences.</summary>
    internal static string NameOf(FinalResult side) => side.Name switch
    {
        _ when side.Role == OptionRole.Found => "the found design",
        BaselineNames.Full => "full fine-tuning",
        BaselineNames.Random => "the best random design",
        BaselineNames.Untrained => "the model without training",
        BaselineNames.Head => "the head alone",
        BaselineNames.All => "all strategies in every layer",
        BaselineNames.Paper => "the paper's design",
        var strategy => $"{strategy} alone",
    };

    private static string Verdict(SideDifference test, double? corrected) => corrected switch
    {
        null when test.HasZeroVariance => "the difference is the same with every seed (zero variance), so there is no p-value, and chance cannot be ruled out.",
        null => "with so few seeds, chance cannot be ruled out; more seeds are needed ('final-seeds', and a limit that allows them).",
        < Level => test.Estimate > 0 ? "the difference is significant at p < 0.05." : "it lost significantly at p < 0.05.",
        _ => test.Estimate > 0 ? "this may be chance; a win is not shown." : "it did not win.",
    };
}
