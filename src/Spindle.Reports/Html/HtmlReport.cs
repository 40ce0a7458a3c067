using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Reports.Html;

/// <summary>A study's result as one HTML file that needs no network: the answer, figures as SVG, and tables.</summary>
public static class HtmlReport
{
    // in the page's template
    private const string Signature = "<meta name=\"generator\" content=\"Spindle\">";
    private const int MostLinesOfHead = 20;

    /// <summary>The result as a page.</summary>
    /// <param name="result">The result.</param>
    /// <param name="trials">The trials of its store.</param>
    /// <param name="losses">The curve of a trial's training loss by the trial's number (<see cref="ITrialStore.Losses"/>), or null to leave it out.</param>
    public static string Write(StudyResult result, IReadOnlyCollection<Trial> trials, Func<long, IReadOnlyList<LossPoint>>? losses = null) => Fill(PageFiles.Read("page.html"), new()
    {
        ["title"] = System.Net.WebUtility.HtmlEncode(result.Study.Name),
        ["style"] = PageFiles.Read("page.css"),
        ["data"] = PageData.Write(result, trials, losses),
        ["d3"] = PageFiles.Read("vendor/d3.min.js"),
        ["plot"] = PageFiles.Read("vendor/plot.umd.min.js"),
        ["figures"] = PageFiles.Read("figures.js"),
        ["script"] = PageFiles.Read("page.js"),
    });

    /// <summary>Whether a file is such a page. Another file in its place is the user's.</summary>
    /// <param name="path">The file.</param>
    public static bool IsOne(string path) => File.ReadLines(path).Take(MostLinesOfHead).Any(line => line == Signature);

    // in one pass, so that nothing in a value is taken for a place
    private static string Fill(string page, Dictionary<string, string> values) =>
        System.Text.RegularExpressions.Regex.Replace(page, @"\{\{(\w+)\}\}", place => values[place.Groups[1].Value]);
}
