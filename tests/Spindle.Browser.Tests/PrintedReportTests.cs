using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Spindle.Browser.Tests;

/// <summary>The report on paper.</summary>
public partial class PrintedReportTests(Chromium chromium, ReportPageTests.FinishedSearch search) : IClassFixture<Chromium>, IClassFixture<ReportPageTests.FinishedSearch>
{
    private const string Reader = "/usr/bin/pdftotext";

    private const string Texts = """[...document.querySelectorAll("figure svg[role=img] text, figcaption, td, th, caption, h1, h2, h3, pre, .answer p")].map(node => node.textContent)""";

    // what does not fit what holds it, and so would be hidden or would scroll
    private const string CutOff = """
        [...document.querySelectorAll("main *")].filter(node => !node.closest("svg") && getComputedStyle(node).overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1).map(node => `${node.tagName} ${node.getAttribute("aria-label")}`)
        """;

    [Theory]
    [InlineData("A4", 1280, false)]
    [InlineData("A4", 1280, true)]
    [InlineData("Letter", 380, false)]
    public async Task Every_text_of_the_report_is_on_its_pages_and_nothing_is_cut_off(string paper, int width, bool isDark)
    {
        Assert.SkipUnless(File.Exists(Reader), $"{Reader} is not installed (Debian: poppler-utils)");
        var page = await chromium.Open(search.Page, width, isDark);
        var texts = await page.EvaluateAsync<string[]>(Texts);
        Assert.Contains(texts, text => text.StartsWith("rows trained on", StringComparison.Ordinal));
        var file = Path.GetTempFileName();
        try
        {
            await page.PdfAsync(new() { Path = file, Format = paper });
            if (Environment.GetEnvironmentVariable("SPINDLE_SCREENSHOTS") is { Length: > 0 } folder) File.Copy(file, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"report-{paper}-{width}-{(isDark ? "dark" : "light")}.pdf")), overwrite: true);
            var places = await Read("-bbox", file);
            Assert.InRange(Page().Count(places), 3, 20);
            foreach (Match match in Word().Matches(places))
            {
                var sheet = Page().Matches(places).Last(before => before.Index < match.Index);
                Assert.True(Number(match, 1) >= 0 && Number(match, 2) >= 0 && Number(match, 3) <= Number(sheet, 1) && Number(match, 4) <= Number(sheet, 2), $"outside its page: {match.Value}");
            }

            // a long word may be broken
            var printed = Letters(await Read("-raw", file));
            Assert.All(texts.SelectMany(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Select(Letters).Distinct(), word => Assert.Contains(word, printed, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Empty(await page.EvaluateAsync<string[]>(CutOff));
        // dark colours are for screens: on paper the text is dark
        Assert.Equal("rgb(27, 31, 36)", await page.EvaluateAsync<string>("getComputedStyle(document.body).color"));
    }

    private static async Task<string> Read(string form, string file)
    {
        using var reader = Process.Start(new ProcessStartInfo(Reader, [form, file, "-"]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var text = await reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await reader.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, reader.ExitCode);
        return text;
    }

    // fonts join letters, and lines end in words
    private static string Letters(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(letter => !char.IsWhiteSpace(letter)));

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("<page width=\"([0-9.]+)\" height=\"([0-9.]+)\"")]
    private static partial Regex Page();

    [GeneratedRegex("<word xMin=\"(-?[0-9.]+)\" yMin=\"(-?[0-9.]+)\" xMax=\"(-?[0-9.]+)\" yMax=\"(-?[0-9.]+)\">[^<]*</word>")]
    private static partial Regex Word();
}
