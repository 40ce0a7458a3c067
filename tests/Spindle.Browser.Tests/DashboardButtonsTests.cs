using System.Diagnostics;
using Microsoft.Playwright;
using Spindle.Cli.Tests;
using Spindle.Search.Storage;

namespace Spindle.Browser.Tests;

/// <summary>What the buttons of the dashboard do to a search in another process.</summary>
public class DashboardButtonsTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Study = """
        study: buttons
        backbone: minilm-l6
        tasks: [builtin/sentiment]
        space: {groups: 2, strategies: [bitfit, lora, adapter]}
        training: {epochs: 4, batch-size: 8, max-length: 16, train-limit: 100, validation-limit: 24, selection: 0.3, learning-rate: 1e-3}
        search: {policy: joint, samples-per-option: 6, final-epochs: 5, final-seeds: 12, baselines: [all]}
        """;

    [Fact]
    public async Task A_search_is_stopped_started_again_as_before_and_given_more_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a search that a dashboard starts ends with it there");
        using var folder = new TemporaryFolder();
        await using var commands = new BackgroundCommands();
        var (study, store, models) = (folder.File("plan.yaml", Study), folder.File("buttons.db"), folder.File("models"));
        var search = commands.Search(study, "--store", store, "--tuned", models, "--time", "20m", "--workers", "1");
        await Until(() => File.Exists(store) && Ended(store) > 2);
        var page = await chromium.Open(await commands.Dashboard(store));
        page.Dialog += (_, question) => question.AcceptAsync();
        await Status(page, "Running");
        Assert.True(await Button(page, "Start").IsDisabledAsync());

        await Button(page, "Stop").ClickAsync();
        await Status(page, "Not running");
        await Until(() => search.HasExited);
        Assert.Equal(130, search.ExitCode);
        Assert.True(await Button(page, "Stop").IsDisabledAsync());
        Assert.True(await Button(page, "Pause").IsDisabledAsync());

        var before = Ended(store);
        await Button(page, "Start").ClickAsync();
        await Status(page, "Running");
        await Until(() => Ended(store) > before);
        var command = Read(store, opened => opened.Study!.Runs[^1].Command!);
        Assert.EndsWith($"search {study} --store {store} --tuned {models} --time 20m --yes", command, StringComparison.Ordinal);

        Assert.Equal("The limit is 20 min.", await page.Locator("#told").InnerTextAsync());
        await page.Locator("#minutes").FillAsync("15");
        await Button(page, "More time").ClickAsync();
        await page.Locator("#told:text-is('The limit is 20 min and 15 further minutes.')").WaitForAsync();
        Assert.Equal(TimeSpan.FromMinutes(15), Read(store, opened => opened.Control().ExtraTime));
        await Chromium.RequireAccessible(page);

        await Button(page, "Stop").ClickAsync();
        await Status(page, "Not running");
        // the dashboard ends before the browser does
        await page.CloseAsync();
        // it was started by the dashboard, and writes its last lines after the store is free
        await Until(() => File.ReadAllText(folder.File("buttons.search.log")).Contains("To resume: ", StringComparison.Ordinal));
    }

    private static ILocator Button(IPage page, string text) => page.Locator($"#buttons button:text-is('{text}')");

    private static Task Status(IPage page, string text) => page.Locator($"#status:text-is('{text}')").WaitForAsync(new() { Timeout = 120_000 });

    private static int Ended(string store) => Read(store, opened => opened.EndedAfter(0).Count);

    private static T Read<T>(string store, Func<SqliteTrialStore, T> read)
    {
        using var opened = SqliteTrialStore.OpenToRead(store);
        return read(opened);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(100, TestContext.Current.CancellationToken))
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(3), "not so after three minutes");
    }
}
