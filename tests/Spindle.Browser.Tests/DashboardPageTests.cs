using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Spindle.Cli.Tests;
using Spindle.Search.Storage;

namespace Spindle.Browser.Tests;

/// <summary>The dashboard of a search that runs in another process, as someone who watches it sees it.</summary>
public class DashboardPageTests(Chromium chromium, DashboardPageTests.RunningSearch search) : IClassFixture<Chromium>, IClassFixture<DashboardPageTests.RunningSearch>
{
    private const float Patience = 60_000;

    [Fact]
    public async Task A_trial_arrives_without_a_reload_is_found_by_a_filter_and_opened()
    {
        var page = await chromium.Open(search.Address);
        await page.Locator("#rows tbody tr").First.WaitForAsync(new() { Timeout = Patience });
        await page.EvaluateAsync("window.wasNotReloaded = true");
        var before = await Finished(page);
        await Until(page, $"Number(document.querySelector('#tiles strong').textContent.split(' ')[0]) > {before}");
        await page.Locator("#rows .state.completed").First.WaitForAsync(new() { Timeout = Patience });
        Assert.True(await page.EvaluateAsync<bool>("window.wasNotReloaded"));

        await page.Locator("#filter-text").FillAsync("lora");
        await Until(page, "[...document.querySelectorAll('#rows tbody tr')].every(row => row.textContent.includes('lora'))");
        await page.Locator("#filter-task").SelectOptionAsync("builtin/similarity");
        await Until(page, "[...document.querySelectorAll('#rows tbody tr')].every(row => row.textContent.includes('lora') && row.textContent.includes('similarity'))");
        await page.Locator("#filter-state").SelectOptionAsync("completed");
        await page.Locator("#rows thead button:has-text('score')").ClickAsync();
        await page.Locator("#rows th[aria-sort=descending] button:has-text('score')").WaitForAsync(new() { Timeout = Patience });
        await Until(page, "(() => { const scores = [...document.querySelectorAll('#rows tbody tr')].map(row => Number(row.cells[6].textContent)); return scores.length > 0 && scores.every((score, place) => place === 0 || scores[place - 1] >= score); })()");

        await page.Locator("#rows tbody a").First.ClickAsync();
        await page.Locator("#design svg[role=img]").WaitForAsync(new() { Timeout = Patience });
        Assert.Contains("lora", await page.Locator("main h2").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("worker", await page.Locator("#facts-of-trial").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.Locator("#figure-loss svg[role=img] path").CountAsync() > 0);
        await Chromium.RequireAccessible(page);
        await Picture(page, "trial", 1280, false);
    }

    [Fact]
    public async Task The_scores_of_a_running_trial_are_drawn_epoch_by_epoch()
    {
        var page = await chromium.Open(search.Address);
        await page.Locator("#cards svg[aria-label*='points after']").First.WaitForAsync(new() { Timeout = Patience });
        await Picture(page, "running", 1280, false);
        // a run of the final comparison takes long enough to be opened
        await page.Locator("#rows .state.completed").First.WaitForAsync(new() { Timeout = Patience });
        await page.Locator("#cards a").First.ClickAsync();
        await page.Locator("#figure-epochs svg[role=img] text").First.WaitForAsync(new() { Timeout = Patience });
        await Chromium.RequireAccessible(page);
    }

    [Fact]
    public async Task Two_designs_are_compared_side_by_side()
    {
        var page = await chromium.Open(search.Address);
        await page.Locator("#filter-state").SelectOptionAsync("completed");
        await page.Locator("#rows .state.completed").Nth(1).WaitForAsync(new() { Timeout = Patience });
        Assert.True(await page.Locator("#compare").IsDisabledAsync());
        await page.Locator("#filter-text").FillAsync("lora");
        await Until(page, "[...document.querySelectorAll('#rows tbody tr')].some(row => row.textContent.includes('lora'))");
        await page.Locator("#rows tbody tr:has-text('lora') input").First.CheckAsync();
        await page.Locator("#filter-text").FillAsync("bitfit");
        await Until(page, "[...document.querySelectorAll('#rows tbody tr')].every(row => row.textContent.includes('bitfit'))");
        await page.Locator("#rows tbody input").First.CheckAsync();
        await page.Locator("#compare").ClickAsync();
        await page.Locator("#figure-layers-1").WaitForAsync(new() { Timeout = Patience });
        Assert.Contains("builtin/sentiment", await page.Locator("#compared-scores").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("lora", await page.Locator("#compared-facts").InnerTextAsync(), StringComparison.Ordinal);
        await Chromium.RequireAccessible(page);
        await Picture(page, "compare", 1280, false);
    }

    [Fact]
    public async Task Scores_of_designs_that_were_trained_differently_are_not_compared_and_the_page_says_why()
    {
        var page = await chromium.Open(search.Address);
        await page.Locator("#filter-state").SelectOptionAsync("completed", new() { Timeout = Patience });
        foreach (var stage in (string[])["rung 2", "rung 1"])
        {
            await page.Locator("#filter-stage").SelectOptionAsync(stage, new() { Timeout = Patience });
            await Until(page, $"(() => {{ const rows = [...document.querySelectorAll('#rows tbody tr')]; return rows.length > 0 && rows.every(row => row.cells[2].textContent === '{stage}'); }})()");
            await page.Locator("#rows tbody tr:has-text('builtin/sentiment') input").First.CheckAsync(new() { Timeout = Patience });
        }

        await page.Locator("#compare").ClickAsync();
        await page.Locator("#compared-scores .warning").First.WaitForAsync(new() { Timeout = Patience });
        Assert.Contains("The scores on builtin/sentiment cannot be compared. They differ in stage (rung 2 and rung 1)", await page.Locator("#compared-scores").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("–", await page.Locator("#compared-scores tr:has-text('builtin/sentiment') td").Last.InnerTextAsync());
        // of the same conditions, they are
        const string Lead = "get(`trials/${location.hash.split('/').at(-1)}`).then(view => scorePair(view, { ...view, scores: view.scores.map(one => ({ ...one, score: one.score + 1 })) }, 'builtin/sentiment').lead)";
        Assert.Equal(1, await page.EvaluateAsync<double>(Lead), 6);
        await Chromium.RequireAccessible(page);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(380, false)]
    public async Task The_dashboard_fits_its_window_and_axe_finds_no_serious_fault(int width, bool isDark)
    {
        var page = await chromium.Open(search.Address, width, isDark);
        await page.Locator("#rows tbody tr").First.WaitForAsync(new() { Timeout = Patience });
        await page.Locator("#figure-leaders svg[role=img] text").First.WaitForAsync(new() { Timeout = Patience });
        await page.Locator("#cards svg[aria-label*='points after']").First.WaitForAsync(new() { Timeout = Patience });
        await Picture(page, "dashboard", width, isDark);
        Assert.True(await page.EvaluateAsync<bool>("(() => { const drawn = document.getElementById('figure-leaders'), unit = drawn.querySelector('h3').textContent === 'Final' ? 'seeds' : 'designs', text = drawn.querySelector('figcaption').textContent; return text.includes(`means over ${unit} and tasks`) && (!text.includes('need two') || text.includes(`need two ${unit}`)); })()"));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        await Chromium.RequireAccessible(page);
    }

    [Fact]
    public async Task A_search_in_another_process_is_paused_and_continued_by_keyboard()
    {
        var page = await chromium.Open(search.Address);
        var pause = page.Locator("#buttons button:text-is('Pause')");
        await pause.WaitForAsync(new() { Timeout = Patience });
        await Until(page, "document.querySelector('#status').textContent === 'Running'");
        await pause.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Until(page, "document.querySelector('#status').textContent === 'Paused'");
        var trials = search.Ended();
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal(trials, search.Ended());
        // the button kept its place and its focus
        await page.Keyboard.PressAsync("Enter");
        await Until(page, "document.querySelector('#status').textContent === 'Running'");
        var waited = Stopwatch.StartNew();
        while (search.Ended() == trials && waited.Elapsed < TimeSpan.FromMinutes(1)) await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.True(search.Ended() > trials, "the search does not go on");
    }

    // the page's own policy forbids what Playwright's waiting uses
    private static async Task Until(IPage page, string condition)
    {
        for (var waited = Stopwatch.StartNew(); !await page.EvaluateAsync<bool>(condition); await Task.Delay(50, TestContext.Current.CancellationToken))
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), $"not so after a minute: {condition}");
    }

    private static async Task<int> Finished(IPage page) =>
        int.Parse((await page.Locator("#tiles strong").First.InnerTextAsync()).Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static async Task Picture(IPage page, string name, int width, bool isDark)
    {
        if (Environment.GetEnvironmentVariable("SPINDLE_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{width}-{(isDark ? "dark" : "light")}.png")), FullPage = true });
    }

    /// <summary>A search that outlives the tests, and a dashboard of it in another process.</summary>
    public sealed class RunningSearch : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();
        private readonly BackgroundCommands commands = new();

        /// <summary>The dashboard's address.</summary>
        public string Address { get; private set; } = "";

        /// <summary>The number of trials that have ended.</summary>
        public int Ended()
        {
            using var store = SqliteTrialStore.OpenToRead(folder.File("watched.db"));
            return store.EndedAfter(0).Count;
        }

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            var study = folder.File("watched.yaml",
                """
                study: reviews
                backbone: minilm-l6
                tasks: [builtin/sentiment, builtin/similarity]
                space: {groups: 2, strategies: [bitfit, lora, adapter]}
                training: {epochs: 6, batch-size: 8, max-length: 16, train-limit: 100, validation-limit: 24, selection: 0.3, learning-rate: 1e-3}
                search: {policy: joint, samples-per-option: 6, final-epochs: 5, final-seeds: 12, baselines: [all], score-every-epoch: true}
                """);
            _ = commands.Search(study, "--workers", "1");
            while (!File.Exists(folder.File("watched.db")) || Ended() < 16) await Task.Delay(200);
            Address = await commands.Dashboard(folder.File("watched.db"));
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await commands.DisposeAsync();
            folder.Dispose();
        }
    }
}
