using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Spindle.Browser.Tests;

/// <summary>Debian's Chromium, without a window and without the network. Tests are skipped where it is not installed.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly List<string> errors = [];
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program)) return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Headless = true, Args = Arguments });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        // also those of what was clicked
        Assert.Empty(errors);
    }

    /// <summary>Opens an address on a new page, and fails on errors of its scripts.</summary>
    /// <param name="address">The address.</param>
    /// <param name="width">The width of the window in pixels.</param>
    /// <param name="isDark">Whether the reader prefers dark colours.</param>
    public async Task<IPage> Open(string address, int width = 1280, bool isDark = false)
    {
        Assert.SkipWhen(browser is null, $"{Program} is not installed");
        var page = await browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light, AcceptDownloads = true });
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => { if (message.Type == "error") errors.Add(message.Text); };
        page.Request += (_, request) =>
        {
            if (!((string[])["file:", "data:", "blob:", address]).Any(start => request.Url.StartsWith(start, StringComparison.Ordinal))) errors.Add($"asked for {request.Url}");
        };
        await page.GotoAsync(address);
        Assert.Empty(errors);
        return page;
    }

    /// <summary>Fails on violations of accessibility that axe calls serious or critical.</summary>
    public static async Task RequireAccessible(IPage page)
    {
        var violations = (await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical");
        Assert.Empty(violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Html).Take(3))}"));
    }
}
