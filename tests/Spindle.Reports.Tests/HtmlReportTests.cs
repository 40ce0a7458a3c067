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
