using Spindle.Reports;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Dashboard.Live;

/// <summary>What the page shows of a study's result so far. It is computed anew where trials have ended, which takes seconds in a store of a hundred thousand trials.</summary>
/// <param name="IsComplete">Whether the search has ended.</param>
/// <param name="Answer">The conclusions, as sentences.</param>
/// <param name="Stages">The stages with options that have a score, in order; the final comparison is the last.</param>
/// <param name="Warnings">What a reader should know, as sentences.</param>
/// <param name="Notes">Events during the search, as sentences.</param>
internal sealed record ResultView(bool IsComplete, IReadOnlyList<string> Answer, IReadOnlyList<StageView> Stages, IReadOnlyList<string> Warnings, IReadOnlyList<string> Notes)
{
    // more cannot be told apart in a figure
    private const int MostOptions = 20;
    private const int MostNotes = 20;

    /// <summary>The view of a result.</summary>
    public static ResultView Of(StudyResult result)
    {
        var bounds = ScoreBounds.Of(result.Study.Tasks);
        StageView[] stages =
        [
            .. result.Stages.Where(stage => stage.Compares).Select(stage => View(stage.Name, "design", stage.IsDecided, stage.Chosen, stage.Options.Where(option => option.Mean is not null)
                .Select(option => Estimate.Of(bounds, option.Name, option.Mean!.Value, option.StandardError, option.Designs, option.ProbabilityOfBest, option.Name == stage.Chosen)))),
            View(FinalComparison.StageName, "seed", result.IsComplete, result.Winner?.Name, result.Sides.Where(side => side.IsScored)
                .Select(side => Estimate.Of(bounds, side.Name, side.Mean!.Value, side.StandardError, side.SeedMeans.Count, side.ProbabilityOfBest, side == result.Winner))),
        ];
        return new(result.IsComplete, [.. Conclusions.List(result, saysHowToGoOn: false)], [.. stages.Where(stage => stage.Options.Count > 0)], result.Warnings, [.. result.Notes.TakeLast(MostNotes)]);
    }

    private static StageView View(string name, string sample, bool isDecided, string? chosen, IEnumerable<Estimate> options)
    {
        Estimate[] sorted = [.. options.Where(option => double.IsFinite(option.Mean)).OrderByDescending(option => option.Mean)];
        return new(name, sample, isDecided, chosen, [.. sorted.Take(MostOptions)], Math.Max(0, sorted.Length - MostOptions));
    }
}

/// <summary>A stage with its best options.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Sample">What the means of its options are over, besides tasks: "design" or "seed".</param>
/// <param name="IsDecided">Whether it is decided.</param>
/// <param name="Chosen">What was chosen, or null.</param>
/// <param name="Options">The options with the highest means, the best first.</param>
/// <param name="Hidden">The number of further options.</param>
internal sealed record StageView(string Name, string Sample, bool IsDecided, string? Chosen, IReadOnlyList<Estimate> Options, int Hidden);
