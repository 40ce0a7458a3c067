using System.Text.Json.Nodes;
using Spindle.Search.Results;

namespace Spindle.Reports.Tests;

/// <summary>Why the design, in every report.</summary>
public sealed class ExplanationReportTests
{
    [Fact]
    public void What_moved_the_winners_score_is_said_with_intervals_and_numbers_of_designs_and_what_made_no_difference_too()
    {
        var page = MarkdownReport.Write(Results.Explained);
        Assert.Contains("""

            ## Why this design

            What moved the score of the found design: doing without adapter gains 2.00 points (1.20 to 2.80) over designs with it in every tuned layer, over 30 designs with it; grouping spindle gains 0.80 points (0.40 to 1.20) over the mean of all groupings, over 21 designs; lora (here in 50% of the tuned layers) gains 1.30 points (0.40 to 2.20) over designs without it, over 42 designs; lora and tuned groups all together gain a further 1.50 points (0.70 to 2.30), over 20 designs.

            Its other choices make no difference that 78 designs could show: tuned groups all (at most 0.50 points), prefix (at most 1.40 points).

            The found design leads lora alone, the best other side within the budget, by 1.00 points (-0.24 to 2.24).

            ### Main effects

            """.ReplaceLineEndings("\n"), page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_tables_of_main_effects_interactions_and_rank_correlations()
    {
        var page = MarkdownReport.Write(Results.Explained);
        Assert.Contains("from 120 scores of 78 designs", page, StringComparison.Ordinal);
        Assert.Contains("| grouping | spindle | +0.80 | +0.40 to +1.20 | 0.004 | 21 |", page, StringComparison.Ordinal);
        Assert.Contains("| strategy | lora, against none | +1.30 | +0.40 to +2.20 | 0.020 | 42 |", page, StringComparison.Ordinal);
        Assert.Contains("The largest of 36 that were tried", page, StringComparison.Ordinal);
        Assert.Contains("| lora | tuned groups all | +1.50 | +0.70 to +2.30 | 0.010 | 20 |", page, StringComparison.Ordinal);
        Assert.Contains("| adapter | prefix | -0.25 | -1.25 to +0.75 | 1.000 | 12 |", page, StringComparison.Ordinal);
        Assert.Contains("| rung 1 (1 epoch, 512 rows) | rung 2 (2 epochs) | 30 | 60 | 0.70 | 0.41 to 0.85 |", page, StringComparison.Ordinal);
        Assert.Contains("Only those that survived the cheap training were trained longer", page, StringComparison.Ordinal);
        var all = Results.Explained.Explanation!.Correlations[1];
        Assert.DoesNotContain("survived", MarkdownReport.Write(With(Results.Explained.Explanation! with { Correlations = [all] })), StringComparison.Ordinal);
        Assert.DoesNotContain("Rank correlation", MarkdownReport.Write(With(Results.Explained.Explanation! with { Correlations = [] })), StringComparison.Ordinal);
        Assert.DoesNotContain("Why this design", MarkdownReport.Write(Results.Complete), StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_sees_the_reasons_and_the_rank_correlations_but_no_lead_that_it_has_seen_before()
    {
        var text = TextReport.Write(Results.Explained);
        Assert.Contains("\nWhat moved the score of the found design: doing without adapter gains 2.00 points", text, StringComparison.Ordinal);
        Assert.Contains("\nRank correlation of rung 1 (1 epoch, 512 rows) with rung 2 (2 epochs): 0.70 (0.41 to 0.85) over the 30 of 60 sides that survived.\n", text, StringComparison.Ordinal);
        Assert.Contains("\nRank correlation of rung 2 (2 epochs) with Final (5 epochs, mean of 3 seeds): 0.50 (-0.60 to 0.95) over 6 sides.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("within the budget, by 1.00 points (-0.24", text, StringComparison.Ordinal);
        Assert.DoesNotContain("| ---", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_winner_that_was_not_found_is_explained_first_and_then_the_found_design()
    {
        var result = Results.Selected with { Explanation = Results.Explained.Explanation };
        var page = MarkdownReport.Write(result);
        Assert.Contains("What moved the score of lora alone: doing without adapter gains 2.00 points (1.20 to 2.80) over designs with it in every tuned layer, over 30 designs with it; "
            + "grouping uniform costs 0.80 points (0.40 to 1.20) against the mean of all groupings, over 57 designs; lora gains 1.30 points", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("What moved the score of the found design", StringComparison.Ordinal) > page.IndexOf("What moved the score of lora alone", StringComparison.Ordinal));
        // five sentences would be too many
        Assert.Single(page.Split("Its other choices make no difference").Skip(1));
    }

    [Fact]
    public void Where_nothing_is_significant_the_reports_say_so_in_words()
    {
        var explanation = Results.Explained.Explanation!;
        var equal = With(explanation with { MainEffects = [.. explanation.MainEffects.Select(effect => effect with { CorrectedProbability = 0.4 })], Interactions = [explanation.Interactions[1]] });
        const string Sentence = "No choice of the found design makes a difference that 78 designs could show: grouping spindle (at most 1.20 points), tuned groups all (at most 0.50 points), lora (at most 2.20 points), prefix (at most 1.40 points).";
        foreach (var text in (string[])[MarkdownReport.Write(equal), TextReport.Write(equal)])
        {
            Assert.Contains($"\n{Sentence}\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("What moved", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Too_few_designs_are_named_and_rates_that_could_be_compared_are_still_shown()
    {
        const string Reason = "too few designs to explain their choices: 6 designs leave 0 degrees of freedom, and 5 are needed";
        var few = With(Results.Explained.Explanation! with { MainEffects = [], Interactions = [], Correlations = [], Reason = Reason });
        var page = MarkdownReport.Write(few);
        Assert.Contains("## Why this design\n\nToo few designs to explain their choices: 6 designs leave 0 degrees of freedom, and 5 are needed.\n\nThe found design leads lora alone", page, StringComparison.Ordinal);
        Assert.DoesNotContain("### Main effects", page, StringComparison.Ordinal);
        var rates = Results.Explained.Explanation!.MainEffects[0] with { Level = new(Search.Explanations.Factor.LearningRate, "0.001") };
        var text = TextReport.Write(With(few.Explanation! with { MainEffects = [rates] }));
        Assert.Contains("5 are needed.\nWhat moved the score of the found design: learning rate 0.001 gains 0.80 points (0.40 to 1.20) over the mean of all learning rates, over 21 designs.\n", text, StringComparison.Ordinal);
        var unclear = TextReport.Write(With(few.Explanation! with { MainEffects = [rates with { CorrectedProbability = 0.3 }] }));
        Assert.Contains("\nWhat could be compared of the found design makes no difference that 78 designs could show: learning rate 0.001 (at most 1.20 points).\n", unclear, StringComparison.Ordinal);
        Assert.DoesNotContain("No choice", unclear, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_has_not_ended_says_what_moved_the_score_so_far()
    {
        var text = TextReport.Write(Results.Partial with { Explanation = Results.Explained.Explanation });
        Assert.Contains("What moved the score most so far: adapter costs 2.00 points (1.20 to 2.80) against designs without it, over 30 designs; ", text, StringComparison.Ordinal);
        var none = Results.Explained.Explanation! with { MainEffects = [Results.Explained.Explanation!.MainEffects[2]] };
        Assert.Contains("No choice has made a difference that 78 designs could show so far.", TextReport.Write(Results.Partial with { Explanation = none }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_object_has_the_effects_with_their_intervals_and_the_sentences()
    {
        Assert.Null(JsonNode.Parse(JsonReport.Write(Results.Complete))!["explanation"]);
        var found = JsonNode.Parse(JsonReport.Write(Results.Explained))!["explanation"]!;
        Assert.Equal(["why", "designs", "scores", "reason", "mainEffects", "interactions", "triedInteractions", "rankCorrelations"], found.AsObject().Select(key => key.Key));
        Assert.StartsWith("What moved the score of the found design: ", (string)found["why"]![0]!, StringComparison.Ordinal);
        var effect = found["mainEffects"]![5]!;
        Assert.Equal(["factor", "level", "against", "effect", "standardError", "degreesOfFreedom", "lower", "upper", "probability", "correctedProbability", "designs"], effect.AsObject().Select(key => key.Key));
        Assert.Equal(("strategy", "lora", "none", 1.3, 42), ((string)effect["factor"]!, (string)effect["level"]!, (string)effect["against"]!, (double)effect["effect"]!, (int)effect["designs"]!));
        Assert.Equal("tuned-groups", (string)found["mainEffects"]![2]!["factor"]!);
        Assert.Equal("mean", (string)found["mainEffects"]![2]!["against"]!);
        Assert.True((double)effect["lower"]! < 1.3 && 1.3 < (double)effect["upper"]!);
        Assert.Equal(("lora", "tuned-groups", "all"), ((string)found["interactions"]![0]!["strategy"]!, (string)found["interactions"]![0]!["factor"]!, (string)found["interactions"]![0]!["level"]!));
        Assert.Equal("""{"cheap":{"stage":"rung 1","epochs":1,"rows":512,"seeds":1},"full":{"stage":"rung 2","epochs":2,"rows":null,"seeds":1},"trained":60,"compared":30,"correlation":0.7,"lower":0.4123,"upper":0.85}""",
            found["rankCorrelations"]![0]!.ToJsonString());
    }

    private static StudyResult With(Search.Explanations.Explanation explanation) => Results.Explained with { Explanation = explanation };
}
