namespace Spindle.Reports.Tests;

public sealed class TextReportTests
{
    [Fact]
    public void A_terminal_sees_winners_comparison_and_warnings()
    {
        var text = TextReport.Write(Results.Complete);
        Assert.StartsWith("glue | tiny: minilm-l6, budget 113,566 of 22,713,216 parameters\n", text, StringComparison.Ordinal);
        Assert.Matches(@"\nS1 +spindle +70\.13 +0\.50 +uniform +69\.90 +not certain\n", text);
        Assert.Matches(@"\nS4\.G2 +none +only option\n", text);
        Assert.Matches(@"\nfound +96,072 +81\.17 +0\.73 +86\.17 +76\.17\n", text);
        Assert.Contains("found: spindle 1-2-2-1; uniform; adapter+lora | none | bitfit | prefix\n", text, StringComparison.Ordinal);
        Assert.Contains("warning: S1: not certain\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" \n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_leader_of_a_stage_that_is_not_decided_is_not_called_the_second()
    {
        Assert.Matches(@"\nS1 +spindle so far +70\.13 +–\n", TextReport.Write(Results.Partial));
        var stage = Results.Complete.Stages[1] with { IsDecided = false, Chosen = null };
        Assert.Matches(@"\nS1 +spindle so far +70\.13 +0\.50 +uniform +69\.90\n", TextReport.Write(Results.Partial with { Stages = [stage] }));
        var none = stage with { Options = [.. stage.Options.Select(option => option with { Mean = null, StandardError = null })] };
        Assert.Matches(@"\nS1 +… +– +–\n", TextReport.Write(Results.Partial with { Stages = [none] }));
    }

    [Fact]
    public void Test_rows_have_a_column_and_are_part_of_the_conclusion_where_they_were_scored()
    {
        var result = Results.Complete with { Found = Results.Complete.Found! with { Test = 77.25 } };
        foreach (var text in (string[])[TextReport.Write(result), MarkdownReport.Write(result)])
        {
            Assert.Contains(", 77.25 on the test rows)", text, StringComparison.Ordinal);
            Assert.Contains("test ", text, StringComparison.Ordinal);
        }

        Assert.Matches(@"\nfinal +trained +mean +error +test +sst2", TextReport.Write(result));
        Assert.Matches(@"\nfound +96,072 +81\.17 +0\.73 +77\.25 +86\.17", TextReport.Write(result));
        Assert.Matches(@"\nlora +110,592 +80\.17 +0\.60 +– +85\.17", TextReport.Write(result));
        Assert.DoesNotContain("test rows", TextReport.Write(Results.Complete), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_side_has_its_head_what_merging_leaves_and_the_time_of_a_row_beside_its_trained_parameters()
    {
        var text = TextReport.Write(Results.Measured);
        Assert.Matches(@"\ncost +trained +head +beside the backbone +ms per row\nfound +96,072 +1,538 +53,072 +1\.23\nlora +110,592 +1,538 +0 +0\.988\nbitfit +20,000 +– +– +–\n", text);
        Assert.Contains("32 rows at a time", text, StringComparison.Ordinal);
        var page = MarkdownReport.Write(Results.Measured);
        Assert.Contains("| lora | 110,592 | 1,538 | 0 | 0.988 |", page, StringComparison.Ordinal);
        Assert.Contains("32 rows at a time", page, StringComparison.Ordinal);
        Assert.DoesNotContain("ms per row", TextReport.Write(Results.Complete) + MarkdownReport.Write(Results.Complete), StringComparison.Ordinal);
    }

    [Fact]
    public void Learning_rates_and_settings_that_were_chosen_stand_beside_each_side()
    {
        var result = Results.Measured with { Found = Results.Measured.Found! with { Recipe = "learning rate 0.003, batch-size: 8" } };
        Assert.Matches(@"\ncost .* trained with\nfound .* learning rate 0\.003, batch-size: 8\nlora .*\n", TextReport.Write(result));
        Assert.Contains("| found | 96,072 | 1,538 | 53,072 | 1.23 | learning rate 0.003, batch-size: 8 |", MarkdownReport.Write(result), StringComparison.Ordinal);
        Assert.Contains("\"recipe\": \"learning rate 0.003, batch-size: 8\"", JsonReport.Write(result), StringComparison.Ordinal);
        Assert.DoesNotContain("trained with", TextReport.Write(Results.Measured), StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_has_the_probability_that_it_is_the_best()
    {
        var text = TextReport.Write(Results.Tested);
        Assert.Matches(@"\nS1 +spindle +75\.00 +0\.50 +uniform +69\.00 +0\.999\n", text);
        Assert.Matches(@"\nS2 +uniform +71\.00 +0\.50 +increasing +70\.00 +0\.750 +not certain\n", text);
    }

    [Fact]
    public void A_race_says_how_many_options_were_dropped_in_how_many_designs()
    {
        var text = TextReport.Write(Results.Raced);
        Assert.Matches(@"\nS1 +spindle +75\.00 +0\.50 +uniform +69\.00 +1 of 2 dropped in 2 designs\n", text);
        Assert.Matches(@"\nS2 +uniform .* not certain, 0 of 2 dropped in 2 designs\n", text);
    }
}
