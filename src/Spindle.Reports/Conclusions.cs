using Spindle.Search.Results;
using Spindle.Search.Stages;

namespace Spindle.Reports;

/// <summary>What a study's numbers say, and what they do not, in sentences.</summary>
internal static class Conclusions
{
    private const double Level = 0.05;

    public static IEnumerable<string> Of(StudyResult result)
    {
        if (!result.IsComplete)
        {
            var decided = result.Stages.Count(stage => stage.IsDecided);
            var at = result.Found is null ? result.Stages.FirstOrDefault(stage => !stage.IsDecided)?.Name ?? "the next stage" : "the final comparison";
            yield return FormattableString.Invariant(
                $"The search has not ended: it is at {at} after {result.Trials} trials (stages decided: {decided}). What follows is what is known so far; the same command goes on.");
        }

        if (result is { Winner: { } winner, Simplest: { } simplest }) yield return Handed(winner, simplest);
        if (result.Found is not { IsScored: true } found) yield break;
        foreach (var (baseline, role) in new[]
                 {
                     (result.BestBaseline, "the best single strategy at the same budget"),
                     (result.Full, "full fine-tuning"),
                 })
        {
            if (baseline is null || PairedDifference.Of(found, baseline) is not { Score: { Mean: { } mean } score } difference) continue;
            var name = baseline == result.Full ? role : $"{baseline.Name}, {role},";
            var verb = mean > 0 ? "leads" : mean < 0 ? "trails" : "equals";
            yield return $"The found design {verb} {name} by {Figures.Points(Math.Abs(mean))} points "
                + $"(paired over {Figures.Count(score.Designs, "seed")}"
                + (score.StandardError is { } error ? $", standard error {Figures.Points(error)}" : "")
                + (PairedTest.PValue(difference) is { } p ? $", {Figures.Probability(p)}" : "")
                + "): " + Verdict(difference, mean);
            if (result.Rows.FirstOrDefault(rows => rows.Against == baseline.Name && rows.Task is null) is { } rows)
                yield return $"Over {Figures.Count(rows.Rows, "validation row")} "
                    + (rows.Seeds == score.Designs ? "that difference lies" : $"and the {Figures.Count(rows.Seeds, "seed")} that both trained to the end the difference is {Figures.Signed(rows.Effect.Difference)} and lies")
                    + $" between {Figures.Signed(rows.Effect.Lower)} and {Figures.Signed(rows.Effect.Upper)} points "
                    + $"(95%, paired bootstrap; {Figures.Probability(rows.Probability)} by exchanging rows): this is how sure the rows are, not how other seeds would train.";
        }
    }

    private static string Handed(FinalResult winner, FinalResult simplest)
    {
        var what = winner.Role == OptionRole.Found ? "the found design" : $"{winner.Name} alone";
        var scores = winner.Validation is { } validation && Math.Abs(validation - winner.Mean!.Value) > 1e-9
            ? $"{Figures.Points(winner.Mean)} points on the selection rows, {Figures.Points(validation)} on the validation rows: a selection bias of {Figures.Signed(winner.Mean.Value - validation)}"
            : $"{Figures.Points(winner.Mean)} points";
        return $"Use {what} ({Figures.Whole(winner.Trained)} trained parameters): no side within the budget scores better ({scores})."
            + (simplest == winner ? "" : $" {(simplest.Role == OptionRole.Found ? "The found design" : $"{simplest.Name} alone")} ({Figures.Whole(simplest.Trained)} parameters, {Figures.Points(simplest.Mean)} points) is the simplest side within one standard error of it.");
    }

    private static string Verdict(PairedDifference difference, double mean) => PairedTest.PValue(difference) switch
    {
        null => "from so few seeds nothing can be said of chance; raise 'final-seeds'.",
        < Level => mean > 0 ? "a difference beyond chance at p < 0.05." : "it lost, beyond chance at p < 0.05.",
        _ => mean > 0 ? "this may well be chance; it has not shown to win." : "it did not win.",
    };
}
