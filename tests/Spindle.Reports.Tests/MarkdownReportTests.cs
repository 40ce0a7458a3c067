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
        Assert.Contains("| lora | 3 | +1.00 | -0.70 to +2.60 | 0.240 | 0.250 | 0.250 | +2.50 (p = 0.012) | -0.50 (p = 0.600) |", page, StringComparison.Ordinal);
        Assert.Contains("| full | 3 | -4.17 | -6.00 to -2.00 | 0.001 | 0.001 | 0.001 |  |  |", page, StringComparison.Ordinal);
        Assert.Contains("Over 1,649 validation rows this difference lies between -0.70 and +2.60 points (95%, paired bootstrap; p = 0.250 by a permutation test)", page, StringComparison.Ordinal);
        var fewer = MarkdownReport.Write(Results.Complete with { Rows = [Results.Complete.Rows[0] with { Seeds = 2, Effect = new(1.5, 0.2, -0.5, 3) }] });
        Assert.Contains("Over 1,649 validation rows and the 2 seeds that both completed, the difference is +1.50 and lies between -0.50 and +3.00 points", fewer, StringComparison.Ordinal);
        Assert.DoesNotContain("Row by row", MarkdownReport.Write(Results.Complete with { Rows = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_are_told_apart_where_a_task_has_several_and_signed_where_they_are_BLEU()
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
    public void A_lead_that_may_be_chance_is_not_called_a_win()
    {
        var page = MarkdownReport.Write(Results.Complete);
        Assert.Contains("The found design leads lora, the best single strategy at the same budget, by 1.00 points (paired over 3 seeds, standard error 0.29, p = 0.074): "
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
        var difference = new PairedDifference("lora", [.. second.Zip(first, (b, a) => b - a)]);
        Assert.Equal(0.009120346940756332, PairedTest.PValue(difference)!.Value, 9);
        Assert.Null(PairedTest.PValue(new("lora", [1])));
        Assert.Null(PairedTest.PValue(new("lora", [1, 1])));
    }
}
