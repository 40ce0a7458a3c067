using System.Globalization;
using Microsoft.Playwright;
using Spindle.Cli.Tests;

namespace Spindle.Browser.Tests;

/// <summary>The report of a real search, as a reader sees it in a browser.</summary>
public class ReportPageTests(Chromium chromium, ReportPageTests.FinishedSearch search) : IClassFixture<Chromium>, IClassFixture<ReportPageTests.FinishedSearch>
{
    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(380, false)]
    public async Task The_report_shows_the_answer_and_its_figures_and_axe_finds_no_serious_fault(int width, bool isDark)
    {
        var page = await chromium.Open(search.Page, width, isDark);
        Assert.Contains("trained parameters", await page.Locator("#answer .answer").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Matches("What moved the score of|No choice of|Too few designs", await page.Locator("#why").InnerTextAsync());
        var repeat = await page.Locator("#repeat").InnerTextAsync();
        Assert.All((string[])["Where it ran", Environment.Version.ToString(), "It was started with spindle search", "--workers 1"], text => Assert.Contains(text, repeat, StringComparison.OrdinalIgnoreCase));
        string[] figures = ["layers", "sides", "effects", "stage-rung-1", "pareto", "distribution", "losses-1", "losses-2", "cost"];
        foreach (var figure in figures)
            Assert.True(await page.Locator($"#figure-{figure} svg[role=img] text").CountAsync() > 0, figure);
        // the page itself never scrolls sideways; wide tables and figures scroll in themselves
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        await Chromium.RequireAccessible(page);
        if (Environment.GetEnvironmentVariable("SPINDLE_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"report-{width}-{(isDark ? "dark" : "light")}.png")), FullPage = true });
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(380)]
    public async Task The_names_of_sides_cover_no_number_of_an_axis(int width)
    {
        var page = await chromium.Open(search.Page, width);
        const string Covered = """
            (() => {
              const texts = [...document.querySelectorAll("#figure-pareto svg[role=img] text")].map(node => ({ text: node.textContent, box: node.getBoundingClientRect() }));
              const isNumber = one => /^[\d.,]+[kM]?$/.test(one.text), isName = one => !isNumber(one) && /[a-z]/.test(one.text) && !/trained parameters|points/.test(one.text);
              const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
              const names = texts.filter(isName), numbers = texts.filter(isNumber);
              if (names.length === 0 || numbers.length === 0) return "nothing to compare";
              return names.flatMap(name => numbers.filter(number => meet(name.box, number.box)).map(number => `${name.text} covers ${number.text}`)).join(", ");
            })()
            """;
        Assert.Equal("", await page.EvaluateAsync<string>(Covered));
    }

    [Fact]
    public async Task A_figure_is_saved_as_a_picture_and_as_its_data_by_keyboard()
    {
        var page = await chromium.Open(search.Page);
        var csv = await Saved(page, "#figure-sides button:has-text('CSV')");
        var lines = await File.ReadAllLinesAsync(csv, TestContext.Current.CancellationToken);
        Assert.Equal("side,trained,mean,lower,upper,validation", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("bitfit,25344,", StringComparison.Ordinal));
        var png = await File.ReadAllBytesAsync(await Saved(page, "#figure-sides button:has-text('PNG')"), TestContext.Current.CancellationToken);
        Assert.Equal("PNG"u8.ToArray(), png[1..4]);
        Assert.True(png.Length > 10_000);
    }

    private static async Task<string> Saved(IPage page, string button)
    {
        await page.Locator(button).FocusAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        return await download.PathAsync();
    }

    /// <summary>A small search, run once for all tests.</summary>
    public sealed class FinishedSearch : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();

        /// <summary>The address of its report.</summary>
        public string Page => new Uri(folder.File("demo.report.html")).AbsoluteUri;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            var study = folder.File("demo.yaml",
                """
                study: demo
                backbone: minilm-l6
                tasks: [builtin/sentiment, builtin/similarity]
                space: {groups: 2, strategies: [bitfit, lora]}
                training: {epochs: 2, batch-size: 8, max-length: 16, train-limit: 80, validation-limit: 24, selection: 0.5, learning-rate: [1e-3, 2e-3]}
                search: {policy: joint, samples-per-option: 3, final-epochs: 1, final-seeds: 2, baselines: [all]}
                """);
            var (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1");
            Assert.True(code == 0, errors);
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return default;
        }
    }
}
