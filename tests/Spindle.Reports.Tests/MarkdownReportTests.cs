using Spindle.Search.Results;

namespace Spindle.Reports.Tests;

public sealed class MarkdownReportTests
{
    [Fact]
    public void A_page_has_the_stages_the_design_and_the_comparison()
    {
        var page = MarkdownReport.Write(Results.Complete);
        Assert.StartsWith("# glue \\| tiny\n", page, StringComparison.Ordinal);
        Assert.Contains("| spindle | 4 | 2 | 70.13 | 0.50 | **chosen**, not certain |", page, StringComparison.Ordinal);
        Assert.Contains("| uniform | 4 | 2 | 69.90 | 0.75 | not exact: uniform 1-2-1-2 (nearest) |", page, StringComparison.Ordinal);
        Assert.Contains("Nothing to compare: `none` is the only option, because the group is not tuned.", page, StringComparison.Ordinal);
        Assert.Contains("| 1 | G1 | adapter 20, lora 8 | 90,000 |", page, StringComparison.Ordinal);
        Assert.Contains("| 2 | G2 | not tuned | 0 |", page, StringComparison.Ordinal);
        Assert.Contains("| lora | 110,592 | 85.17 | 75.17 | 80.17 | 0.60 | +1.00 |", page, StringComparison.Ordinal);
        Assert.Contains("- S1: not certain", page, StringComparison.Ordinal);
        Assert.Contains("- a worker died", page, StringComparison.Ordinal);
        Assert.Contains("1 h 2 min", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_compared_over_all_tasks_and_on_each_and_corrected_for_all_baselines()
    {
        var page = MarkdownReport.Write(Results.Complete);
        Assert.Contains("### Row by row", page, StringComparison.Ordinal);
        Assert.Contains("over 1,649 validation rows", page, StringComparison.Ordinal);
        Assert.Contains("| lora | 3 | +1.00 | -0.70 to +2.60 | 0.240 | 0.250 | 0.250 | +2.50 (p = 0.012) | -0.50 (p = 0.600) |  |  |", page, StringComparison.Ordinal);
        Assert.Contains("| full | 3 | -4.17 | -6.00 to -2.00 | 0.001 | 0.001 | 0.001 |  |  |  |  |", page, StringComparison.Ordinal);
        Assert.Contains("Over 1,649 validation rows this difference lies between -0.70 and +2.60 points (95%, paired bootstrap; p = 0.250 by a permutation test)", page, StringComparison.Ordinal);
        var fewer = MarkdownReport.Write(Results.Complete with { Rows = [Results.Complete.Rows[0] with { Seeds = 2, Effect = new(1.5, 0.2, -0.5, 3) }] });
        Assert.Contains("Over 1,649 validation rows and the 2 seeds that both completed, the difference is +1.50 and lies between -0.50 and +3.00 points", fewer, StringComparison.Ordinal);
        Assert.DoesNotContain("Row by row", MarkdownReport.Write(Results.Complete with { Rows = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_are_named_if_a_task_has_several_and_signed_where_they_are_BLEU()
    {
        Assert.DoesNotContain("### Metrics", MarkdownReport.Write(Results.Complete), StringComparison.Ordinal);
        var result = Results.Complete with
        {
            Found = Results.Complete.Found! with
            {
                Metrics = new Dictionary<string, IReadOnlyDictionary<string, double>>
                {
                    ["sst2"] = new OrderedDictionary<string, double> { ["bleu"] = 0.25, ["exact-match"] = 0.125 },
                },
            },
        };
        var page = MarkdownReport.Write(result);
        Assert.Contains("|  | sst2: bleu | sst2: exact-match |", page, StringComparison.Ordinal);
        Assert.Contains("| found | 25.00 | 12.50 |", page, StringComparison.Ordinal);
        Assert.Contains("| lora | – | – |", page, StringComparison.Ordinal);
        Assert.Contains("- bleu: `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_positive_label_and_the_cut_rows_stand_on_the_page_with_and_without_a_final_table()
    {
        var study = Results.Complete.Study with { Tasks = [new("reviews", 41.5) { PositiveLabel = "spam", Cut = "12 of 800 training rows (1.5%) are cut at 128 tokens", CutRows = 12, ExaminedRows = 800 }] };
        foreach (var result in (StudyResult[])[Results.Complete with { Study = study }, Results.Complete with { Study = study, Found = null, Baselines = [], IsComplete = false, Rows = [] }])
        {
            var page = MarkdownReport.Write(result);
            Assert.Equal(2, page.Split("\nThe positive label of F1: reviews 'spam'.\n\n").Length);
            Assert.Equal(2, page.Split("\nreviews: 12 of 800 training rows (1.5%) are cut at 128 tokens.\n\n").Length);
        }
    }

    [Fact]
    public void A_comparison_without_a_found_design_has_all_sides_and_tests_the_winner_against_them()
    {
        var result = Results.Complete with { Found = null, Plan = null, Rows = [] };
        var page = MarkdownReport.Write(result);
        Assert.Contains("## Final comparison", page, StringComparison.Ordinal);
        Assert.Contains("differences are lora minus the other side", page, StringComparison.Ordinal);
        foreach (var side in (string[])["lora", "bitfit", "full"]) Assert.Contains($"\n| {side} | ", page, StringComparison.Ordinal);
        Assert.Contains("Guessing scores: sst2 50.90", page, StringComparison.Ordinal);
        Assert.Contains("lora alone leads bitfit alone, the best other side within the budget, by 9.17 points", page, StringComparison.Ordinal);
        Assert.Contains("which also selected, as in the paper's protocol", page, StringComparison.Ordinal);
        Assert.Contains("\nlora ", TextReport.Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void The_recommendation_gives_both_scores_the_selection_bias_how_sure_it_is_and_the_simplest_side()
    {
        var page = MarkdownReport.Write(Results.Selected);
        Assert.Contains("Use lora alone (110,592 trained parameters): no side within the budget scores better (83.00 points on the selection rows, 80.00 on the validation rows: a selection bias of +3.00, 79.00 on the test rows).", page, StringComparison.Ordinal);
        Assert.Contains("The probability that it is the best of these sides is 0.750", page, StringComparison.Ordinal);
        Assert.Contains("bitfit alone (20,000 parameters, 82.67 points) is the simplest side within one standard error of the best.", page, StringComparison.Ordinal);
        Assert.Contains("lora alone leads bitfit alone, the best other side within the budget,", page, StringComparison.Ordinal);
        Assert.DoesNotContain("as in the paper's protocol", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lead_that_may_be_chance_is_not_called_a_win()
    {
        var page = MarkdownReport.Write(Results.Complete);
        Assert.Contains("The found design leads lora alone, the best other side within the budget, by 1.00 points (paired over 3 seeds, standard error 0.29, p = 0.074 after Holm's correction): "
            + "this may be chance; a win is not shown.", page, StringComparison.Ordinal);
        Assert.Contains("The found design trails full fine-tuning by 4.17 points", page, StringComparison.Ordinal);
        Assert.Contains("it lost significantly at p < 0.05.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lead_beyond_chance_is_said_with_its_p_value()
    {
        var result = Results.Complete with { Baselines = [Results.Side("lora", 1, 70, 71, 72.4)] };
        Assert.Contains("the difference is significant at p < 0.05.", MarkdownReport.Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_uses_the_corrected_p_value()
    {
        // 0.034 alone, and 0.102 as the smallest of three
        FinalResult lora = Results.Side("lora", 1, 70, 71, 72.4), found = Results.Side("found", 1, 71, 72.2, 73);
        Assert.Contains("p = 0.034 after Holm's correction): the difference is significant", MarkdownReport.Write(Results.Complete with { Found = found, Baselines = [lora] }), StringComparison.Ordinal);
        var several = Results.Complete with { Found = found, Baselines = [lora, Results.Side("bitfit", 1, 65, 75, 70), Results.Side("adapter", 1, 75, 68, 70)] };
        Assert.Contains("this may be chance; a win is not shown", MarkdownReport.Write(several), StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_that_is_the_same_with_every_seed_has_no_p_value()
    {
        var page = MarkdownReport.Write(Results.Complete with { Found = Results.Side("found", 1, 80, 81, 82.5), Baselines = [Results.Side("lora", 1, 79, 80, 81.5)] });
        Assert.Contains("(paired over 3 seeds, standard error 0.00): the difference is the same with every seed (zero variance), so there is no p-value", page, StringComparison.Ordinal);
        Assert.Contains("| +1.00 | zero variance |  |  |  |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_on_which_every_side_guesses_do_not_count_and_are_named()
    {
        var study = Results.Complete.Study;
        var atChance = Results.Complete with { Study = study with { Tasks = [new("sst2", 90.5), study.Tasks[1]] } };
        var page = MarkdownReport.Write(atChance);
        Assert.Contains("No side is better than guessing on these tasks, so they do not count in the differences below: sst2.", page, StringComparison.Ordinal);
        // the other task does not vary with the seed
        Assert.Contains("The found design leads lora alone, the best other side within the budget, by 1.00 points (paired over 3 seeds, standard error 0.00)", page, StringComparison.Ordinal);
        var all = MarkdownReport.Write(atChance with { Study = study with { Tasks = [new("sst2", 90.5), new("builtin/similarity", 90)] } });
        Assert.Contains("No side is better than guessing on any task, so nothing follows about the found design: sst2, builtin/similarity.", all, StringComparison.Ordinal);
        Assert.DoesNotContain("The found design leads", all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_has_the_probability_that_it_is_the_best_and_its_p_value()
    {
        var page = MarkdownReport.Write(Results.Tested);
        Assert.Contains("| option | trials | designs | mean | standard error | probability of being best |  |", page, StringComparison.Ordinal);
        Assert.Contains("| spindle | 4 | 2 | 75.00 | 0.50 | 0.999 | **chosen** (p = 0.004) |", page, StringComparison.Ordinal);
        Assert.Contains("| uniform | 4 | 2 | 71.00 | 0.50 | 0.750 | **chosen**, not certain (p = 0.500) |", page, StringComparison.Ordinal);
        Assert.Contains("| increasing | 4 | 2 | 70.00 | 0.75 | 0.250 |  |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_interval_over_seeds_and_rows_is_the_one_that_is_said()
    {
        var page = MarkdownReport.Write(Results.Tested);
        Assert.Contains("Over 1,649 validation rows this difference lies between -1.50 and +3.50 points (95%, multi-bootstrap over seeds and rows; p = 0.400): this is the uncertainty of both.", page, StringComparison.Ordinal);
        Assert.Contains("| lora | 3 | +1.00 | -0.70 to +2.60 | 0.240 | 0.250 | 0.250 | -1.50 to +3.50 | 0.400 |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_says_nothing_of_chance()
    {
        var result = Results.Complete with { Found = Results.Side("found", 1, 80), Baselines = [Results.Side("lora", 1, 70)] };
        Assert.Contains("with so few seeds, chance cannot be ruled out", MarkdownReport.Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_has_not_ended_says_so_first()
    {
        foreach (var report in new[] { MarkdownReport.Write(Results.Partial), TextReport.Write(Results.Partial) })
            Assert.Contains("The search is not finished: it is at S1 after 6 trials (stages decided: 1).", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Final comparison", MarkdownReport.Write(Results.Partial), StringComparison.Ordinal);
    }

    [Fact]
    public void A_paired_t_test_gives_what_scipy_gives()
    {
        // the first case of the fixture metrics/significance.json
        double[] first = [80.18905338179353, 79.47725155851926, 79.5869364566081, 77.55853261736014, 81.7997073827209];
        double[] second = [81.14671973060842, 79.84708242377212, 80.39645909129916, 78.1710168852792, 82.07817824815127];
        var difference = new PairedDifference("lora", [new(second, first)]);
        Assert.Equal(0.009120346940756332, PairedTest.PValue(difference)!.Value, 9);
        Assert.Null(PairedTest.PValue(new("lora", [new([1], [0])])));
        Assert.Null(PairedTest.PValue(new("lora", [new([1, 2], [0, 1])])));
    }

    [Fact]
    public void A_race_says_what_was_dropped_when_what_was_reused_and_why_it_ended()
    {
        var page = MarkdownReport.Write(Results.Raced);
        Assert.Contains("an option is dropped once it cannot be the best (p < 0.05, corrected for every look of every stage)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Holm's correction for all stages", page, StringComparison.Ordinal);
        Assert.Contains("### S1\n\nThe race ended after 2 designs with one option left.\n\n", page, StringComparison.Ordinal);
        Assert.Contains("| uniform | 4 | 2 | 69.00 | 0.75 | dropped after 2 designs (p = 0.012) |", page, StringComparison.Ordinal);
        Assert.Contains("| spindle | 4 | 2 | 75.00 | 0.50 | **chosen** (p = 0.012) |", page, StringComparison.Ordinal);
        Assert.Contains("### S2\n\nThe race ended after 2 designs: the options that are left are equal within 0.1 points.\n\n", page, StringComparison.Ordinal);
        Assert.Contains("| **chosen**, not certain (p = 1.000); 1 design of earlier stages |", page, StringComparison.Ordinal);
    }
}
