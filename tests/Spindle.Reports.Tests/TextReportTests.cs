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
    public void A_choice_has_the_probability_that_it_is_the_best()
    {
        var text = TextReport.Write(Results.Tested);
        Assert.Matches(@"\nS1 +spindle +75\.00 +0\.50 +uniform +69\.00 +0\.999\n", text);
        Assert.Matches(@"\nS2 +uniform +71\.00 +0\.50 +increasing +70\.00 +0\.750 +not certain\n", text);
    }
}
