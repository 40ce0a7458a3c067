using Spindle.Metrics;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Reports;

/// <summary>The earlier searches that a search starts from, in words.</summary>
public static class EarlierText
{
    /// <summary>What was read of an earlier search, in one sentence.</summary>
    /// <param name="study">The earlier search.</param>
    public static string Sentence(EarlierStudy study) => $"The search starts from {Read(study)}.";

    /// <summary>How well earlier searches rank the sides so far, in one line; null where that is not known.</summary>
    /// <param name="correlations">The rank correlations.</param>
    public static string? Line(IReadOnlyList<EarlierCorrelation> correlations) => correlations.All(found => found.Ranks is null)
        ? null
        : "rank correlation with earlier searches: " + string.Join("; ", correlations.Select(found => $"{found.Store} {(found.Ranks is { } ranks ? Words(ranks) : "unknown")}"));

    /// <summary>A sentence for each earlier search.</summary>
    /// <param name="result">The result.</param>
    internal static IEnumerable<string> List(StudyResult result) => result.Earlier.Select(earlier => $"The search started from {Read(earlier.Study)}. {Ranks(earlier.Correlation)}");

    private static string Ranks(EarlierCorrelation? correlation) => correlation switch
    {
        null => "How well they rank the sides of this search is not known yet.",
        { Ranks: null } => "Their rank correlation with the scores of this search cannot be computed, so they did not count after the first rung.",
        { Ranks: { } ranks } => $"Their rank correlation with the scores of this search is {Words(ranks)}, "
            + (correlation.Counts ? ranks.Value > 0 ? "by which they count." : "so what they rank high was expected to score low."
                : $"so they did not count after the first rung{(ranks.Count < EarlierCorrelation.FewestSides ? FormattableString.Invariant($"; at least {EarlierCorrelation.FewestSides} sides are needed") : "")}."),
    };

    private static string Read(EarlierStudy study) => $"{study.Name} ({study.Store}: {study.Backbone} on {string.Join(", ", study.Tasks)}) with {Figures.Count(study.Scores.Count, "score")}"
        + (study.LeftOut > 0 ? $", without {Figures.Whole(study.LeftOut)} of strategies or baselines that this study does not have" : "");

    private static string Words(RankCorrelation ranks) => $"{Figures.Points(ranks.Value)} ({Figures.Points(ranks.Lower)} to {Figures.Points(ranks.Upper)}) over {Figures.Count(ranks.Count, "side")}";
}
