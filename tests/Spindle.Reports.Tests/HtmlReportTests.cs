using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spindle.Designs.Plans;
using Spindle.Reports.Html;
using Spindle.Search.Trials;

namespace Spindle.Reports.Tests;

/// <summary>The file for a browser: its data, and that nothing leaves it.</summary>
public partial class HtmlReportTests
{
    [Fact]
    public void The_page_holds_the_whole_result_as_data()
    {
        var data = Data(HtmlReport.Write(Results.Complete, []));
        Assert.Equal(JsonNode.Parse(JsonReport.Write(Results.Complete))!.ToJsonString(), data["report"]!.ToJsonString());
        Assert.Contains(data["answer"]!.AsArray(), sentence => ((string)sentence!).StartsWith("Use ", StringComparison.Ordinal));
        Assert.Equal("exhaustive", (string)data["policy"]!);
    }

    [Fact]
    public void The_page_loads_nothing_from_elsewhere()
    {
        var page = HtmlReport.Write(Results.Complete, []);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<(script|link|img|iframe)[^>]+(src|href)\s*=", page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_notes_cannot_leave_their_place_in_the_page()
    {
        const string Hostile = "</script><script>alert('{{script}}')</script><!--";
        var plain = HtmlReport.Write(Results.Complete, []);
        var hostile = Results.Complete with { Study = Results.Complete.Study with { Name = Hostile, Text = Hostile }, Notes = [Hostile], Warnings = [Hostile] };
        var page = HtmlReport.Write(hostile, []);
        Assert.Equal(Scripts().Count(plain), Scripts().Count(page));
        Assert.DoesNotContain("<!--", page, StringComparison.Ordinal);
        Assert.Contains("<title>&lt;/script&gt;", page, StringComparison.Ordinal);
        var data = Data(page);
        Assert.Equal(Hostile, (string)data["settings"]!);
        Assert.Equal(Hostile, (string)data["report"]!["notes"]![0]!);
    }

    [Fact]
    public void The_layers_are_those_of_the_winner_and_not_of_an_option_with_its_name()
    {
        var winner = Results.Complete.Winner!;
        Trial[] trials =
        [
            Trial(1, "Final", winner.Name, new TuningPlan.Sized(null, [new(0, [new("lora", 8, 400)]), new(5, [new("bitfit", 1, 20)])])),
            // a stage that tries the strategy in one group, added later
            Trial(2, "S4.G1", winner.Name, new TuningPlan.Sized(null, [new(0, [new("adapter", 2, 7)])])),
        ];
        var layers = Data(HtmlReport.Write(Results.Complete, trials))["layers"]!.AsArray();
        Assert.Equal([(1, "lora", 400), (6, "bitfit", 20)], layers.Select(part => ((int)part!["layer"]!, (string)part["strategy"]!, (int)part["parameters"]!)));

        static Trial Trial(long id, string stage, string option, TuningPlan plan) => new(id, new(new(stage, option, 0, "left", 1, 1), plan), TrialState.Completed);
    }

    [Fact]
    public void A_page_is_known_as_one_and_another_file_is_not()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.False(HtmlReport.IsOne(file));
            File.WriteAllText(file, HtmlReport.Write(Results.Complete, []));
            Assert.True(HtmlReport.IsOne(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_design_is_a_point_once_it_has_a_score_on_every_task()
    {
        Trial[] trials =
        [
            Trial(1, "a", 0, "left", 60, [50, 60]), Trial(2, "a", 0, "right", 80, [70, 80]),
            Trial(3, "a", 1, "left", 70, [70]), Trial(4, "a", 1, "right", 50, [50]),
            Trial(5, "b", 0, "left", 99, [99]),
        ];
        var points = DesignPoint.Of(trials, 2);
        Assert.Equal([(70.0, 2), (60.0, 0)], points.Select(point => (point.Points, point.Curve.Count)));
        Assert.Equal([60.0, 70.0], points[0].Curve);
    }

    [Fact]
    public void The_training_loss_of_a_side_is_the_mean_over_its_seeds_on_each_task()
    {
        Trial[] trials = [Final(1, "lora", 0, "sst2"), Final(2, "lora", 1, "sst2"), Final(3, "lora", 0, "builtin/similarity"), Final(4, "found", 0, "sst2"), Final(5, "bitfit", 0, "sst2")];
        var losses = new Dictionary<long, LossPoint[]>
        {
            [1] = [new(10, 1), new(20, 0.5), new(30, 0.25)],
            // ended earlier, and reported at other steps
            [2] = [new(5, 3), new(15, 1.5), new(25, 0.5)],
            [3] = [new(10, 9), new(20, 8)],
            [4] = [new(10, 0.75)],
            [5] = [],
        };
        var drawn = Data(HtmlReport.Write(Results.Complete, trials, trial => losses[trial]))["losses"]!.AsArray();
        Assert.Equal([("lora", "sst2", 2), ("lora", "builtin/similarity", 1)], drawn.Select(line => ((string)line!["side"]!, (string)line["task"]!, (int)line["seeds"]!)));
        // at 5, 15 and 25 rows: 1, 0.75 and 0.375 of the first seed with 3, 1.5 and 0.5 of the second
        Assert.Equal([(5, 2), (15, 1.125), (25, 0.4375)], drawn[0]!["points"]!.AsArray().Select(point => ((int)point!["examples"]!, (double)point["loss"]!)));
        Assert.Empty(Data(HtmlReport.Write(Results.Complete, trials))["losses"]!.AsArray());

        static Trial Final(long id, string option, int sample, string task) => new(id, new(new("Final", option, sample, task, 1, sample), new TuningPlan.Full()), TrialState.Completed);
    }

    [Fact]
    public void A_search_that_has_not_come_to_its_final_comparison_shows_the_training_loss_of_its_leader()
    {
        Trial trial = new(7, new(new("rung 1", "design 3", 0, "sst2", 1, 1), new TuningPlan.Full()), TrialState.Completed);
        var result = Results.Partial with { Leader = new("rung 1", "design 3", 80, [trial]) };
        var line = Assert.Single(Data(HtmlReport.Write(result, [trial], _ => [new(10, 1), new(20, 0.5)]))["losses"]!.AsArray())!;
        Assert.Equal(("design 3", "sst2", 2), ((string)line["side"]!, (string)line["task"]!, line["points"]!.AsArray().Count));
    }

    private static Trial Trial(long id, string option, int sample, string task, double score, double[] curve) =>
        new(id, new(new("S1", option, sample, task, curve.Length, 1), new TuningPlan.Full()), TrialState.Completed)
        {
            Outcome = new(score, new Dictionary<string, double>(), curve, 1, 1, 1, 1, null),
        };

    private static JsonNode Data(string page) => JsonNode.Parse(DataElement().Match(page).Groups[1].Value)!;

    [GeneratedRegex("<script id=\"data\" type=\"application/json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex DataElement();

    [GeneratedRegex("<script")]
    private static partial Regex Scripts();
}
