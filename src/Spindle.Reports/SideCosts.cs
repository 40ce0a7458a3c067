using System.Globalization;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>How the sides of the final comparison were trained, and what they cost to store and to use.</summary>
internal static class SideCosts
{
    /// <summary>The columns of the table.</summary>
    public static string[] Head(StudyResult result) => ["trained", "head", "beside the backbone", "ms per row", .. HaveRecipes(result) ? ["trained with"] : Array.Empty<string>()];

    /// <summary>Whether anything is known that the comparison does not show.</summary>
    public static bool IsKnown(StudyResult result) => result.Sides.Any(side => side.HeadParameters is not null || side.Recipe is not null);

    /// <summary>The cells of a side, without its name.</summary>
    public static string[] Row(StudyResult result, FinalResult side) =>
    [
        Figures.Whole(side.Trained), Figures.Whole(side.HeadParameters), Figures.Whole(side.RemainingParameters), Figures.Milliseconds(side.MillisecondsPerRow),
        .. HaveRecipes(result) ? [side.Recipe ?? ""] : Array.Empty<string>(),
    ];

    private static bool HaveRecipes(StudyResult result) => result.Sides.Any(side => side.Recipe is not null);

    /// <summary>What the columns mean, in sentences.</summary>
    public static string Legend(StudyResult result)
    {
        int[] batches = [.. result.Sides.Select(side => side.ScoringBatch).OfType<int>().Distinct().Order()];
        return "Beside the backbone: the parameters that stay there when everything that weights can express is merged into it, without the head's. "
            + "Full fine-tuning leaves none, but changes the whole backbone. ms per row: wall-clock time of predicting"
            + (batches.Length == 0 ? "." : string.Create(CultureInfo.InvariantCulture, $", {string.Join(" or ", batches)} rows at a time, on the machine of the search."));
    }
}
