using System.Text.Json.Nodes;
using Spindle.Metrics;
using Spindle.Reports.Html;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Reports.Tests;

public sealed class EarlierReportTests
{
    private static readonly EarlierScore Score = new("rung 1", 70, 1e-3, null, new(null, 1, 1, 0, new Dictionary<string, StrategyTraits>()));

    private static readonly StudyResult Result = Results.Complete with
    {
        Earlier =
        [
            new(new("../sst2.db", "reviews", "minilm-l6", ["sst2", "qnli"], [Score, Score, Score], 4), new("../sst2.db", new(22, 0.62, 0.25, 0.8))),
            new(new("rte.db", "rte", "mpnet", ["rte"], [Score], 0), new("rte.db", new(22, -0.25, -0.6, 0.2))),
            new(new("against.db", "against", "mpnet", ["qqp"], [Score], 0), new("against.db", new(22, -0.75, -0.9, -0.4))),
            new(new("few.db", "few", "mpnet", ["wnli"], [Score], 0), new("few.db", new(6, 0.5, -0.3, 0.9))),
            new(new("same.db", "same", "mpnet", ["mrpc"], [Score], 0), new("same.db", null)),
            new(new("new.db", "new", "mpnet", ["cola"], [Score], 0), null),
        ],
    };

    [Fact]
    public void Every_report_says_from_which_searches_the_search_started_and_how_well_they_rank_its_sides()
    {
        string[] sentences =
        [
            "The search started from reviews (../sst2.db: minilm-l6 on sst2, qnli) with 3 scores, without 4 of strategies or baselines that this study does not have. Their rank correlation with the scores of this search is 0.62 (0.25 to 0.80) over 22 sides, by which they count.",
            "The search started from rte (rte.db: mpnet on rte) with 1 score. Their rank correlation with the scores of this search is -0.25 (-0.60 to 0.20) over 22 sides, so they did not count after the first rung.",
            "The search started from against (against.db: mpnet on qqp) with 1 score. Their rank correlation with the scores of this search is -0.75 (-0.90 to -0.40) over 22 sides, so what they rank high was expected to score low.",
            "The search started from few (few.db: mpnet on wnli) with 1 score. Their rank correlation with the scores of this search is 0.50 (-0.30 to 0.90) over 6 sides, so they did not count after the first rung; at least 8 sides are needed.",
            "The search started from same (same.db: mpnet on mrpc) with 1 score. Their rank correlation with the scores of this search cannot be computed, so they did not count after the first rung.",
            "The search started from new (new.db: mpnet on cola) with 1 score. How well they rank the sides of this search is not known yet.",
        ];
        foreach (var report in (string[])[TextReport.Write(Result), MarkdownReport.Write(Result), HtmlReport.Write(Result, [])]) Assert.All(sentences, sentence => Assert.Contains(sentence, report, StringComparison.Ordinal));
        Assert.DoesNotContain("The search started from", TextReport.Write(Results.Complete), StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_report_has_the_numbers_of_each()
    {
        var earlier = JsonNode.Parse(JsonReport.Write(Result))!["earlier"]!.AsArray();
        Assert.Equal(["store", "study", "backbone", "tasks", "scores", "leftOut", "compared", "correlation", "lower", "upper"], earlier[0]!.AsObject().Select(key => key.Key));
        Assert.Equal(("../sst2.db", 3, 4, 22, 0.62), ((string)earlier[0]!["store"]!, (int)earlier[0]!["scores"]!, (int)earlier[0]!["leftOut"]!, (int)earlier[0]!["compared"]!, (double)earlier[0]!["correlation"]!));
        Assert.All(earlier.Skip(4), one => Assert.Null(one!["correlation"]));
    }

    [Fact]
    public void Progress_names_the_rank_correlations_once_any_is_known()
    {
        Assert.Null(EarlierText.Line([]));
        Assert.Null(EarlierText.Line([new("a.db", null)]));
        Assert.Equal("rank correlation with earlier searches: a.db 0.50 (0.10 to 0.70) over 12 sides; b.db unknown", EarlierText.Line([new("a.db", new RankCorrelation(12, 0.5, 0.1, 0.7)), new EarlierCorrelation("b.db", null)]));
    }
}
