using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Spindle.Dashboard.Live;
using Spindle.Dashboard.Trials;
using Spindle.Reports.Html;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Dashboard;

/// <summary>The addresses of the dashboard: the page with its files, what it reads, and what it asks for.</summary>
internal static class Routes
{
    private const string OfStore = "/stores/{number:int}";
    private const double MostMinutes = 7 * 24 * 60;

    // a report holds its scripts and styles in itself, and shows what a store says only as text
    private const string PolicyOfReport = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // those of the report's page lie in another assembly
    private static readonly Dictionary<string, (string Type, Func<string> Read)> Files = new(StringComparer.Ordinal)
    {
        ["page.css"] = ("text/css", () => PageFiles.Read("page.css")),
        ["d3.js"] = ("text/javascript", () => PageFiles.Read("vendor/d3.min.js")),
        ["plot.js"] = ("text/javascript", () => PageFiles.Read("vendor/plot.umd.min.js")),
        ["figures.js"] = ("text/javascript", () => PageFiles.Read("figures.js")),
        ["dashboard.css"] = ("text/css", () => Own("dashboard.css")),
        ["views.js"] = ("text/javascript", () => Own("views.js")),
        ["dashboard.js"] = ("text/javascript", () => Own("dashboard.js")),
    };

    /// <summary>Maps the addresses.</summary>
    /// <param name="routes">The server's routes.</param>
    /// <param name="stores">The stores, by their numbers.</param>
    /// <param name="ending">Ends the streams of events.</param>
    /// <param name="starter">Starts searches, or null.</param>
    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<WatchedStore> stores, CancellationToken ending, ISearchStarter? starter)
    {
        routes.MapGet("/", () => Results.Text(Own("dashboard.html"), "text/html", Encoding.UTF8));
        routes.MapGet("/files/{name}", (string name) => Files.TryGetValue(name, out var file) ? Results.Text(file.Read(), file.Type, Encoding.UTF8) : Results.NotFound());
        routes.MapGet("/stores", () => stores.Select((store, number) => new { number, name = TrialStores.IsFile(store.Path) ? Path.GetFileName(store.Path) : TrialStores.NameOf(store.Path) }));
        routes.MapGet(OfStore + "/events", IResult (int number, CancellationToken left) =>
            Find(number) is { } store ? TypedResults.ServerSentEvents(Events(store, ending, left)) : Results.NotFound());
        routes.MapGet(OfStore + "/trials", (int number, string? stage, string? option, string? task, string? state, string? text, string? order, bool? descending, int? skip, int? take) => With(number, store =>
        {
            if (!TryRead<TrialState>(state, out var inState) || !TryRead<TrialOrder>(order, out var by)) return Results.BadRequest("unknown state or order");
            TrialFilter filter = new() { Stage = stage, Option = option, Task = task, State = inState, Text = text, Order = by ?? TrialOrder.Number, IsDescending = descending ?? true, Skip = skip ?? 0, Take = take ?? 50 };
            return Results.Ok(store.Read(read => read.Page(filter)));
        }));
        routes.MapGet(OfStore + "/trials/{id:long}", (int number, long id) => With(number, store =>
            store.Read(read => TrialView.Of(read, id)) is { } view ? Results.Ok(view) : Results.NotFound()));
        routes.MapGet(OfStore + "/report", (int number, HttpContext context) => WithLater(number, async store =>
        {
            var page = await store.Report();
            context.Response.Headers.ContentSecurityPolicy = PolicyOfReport;
            // it asks again by itself
            return page is null ? Results.Text(Own("computing.html"), "text/html", Encoding.UTF8, StatusCodes.Status202Accepted) : Results.Text(page, "text/html", Encoding.UTF8);
        }));
        routes.MapPost(OfStore + "/pause", (int number) => Running(number, asked => asked with { IsPaused = true }));
        routes.MapPost(OfStore + "/continue", (int number) => Running(number, asked => asked with { IsPaused = false }));
        routes.MapPost(OfStore + "/stop", (int number) => Running(number, asked => asked with { IsStopped = true }));
        routes.MapPost(OfStore + "/more-time", (int number, double minutes) => With(number, store =>
        {
            if (!(minutes > 0 && minutes <= MostMinutes)) return Results.BadRequest(FormattableString.Invariant($"minutes must be above 0, and at most {MostMinutes}"));
            if (store.Read(read => read.Study)?.Settings?.ContainsKey("search.time") != true) return Results.Conflict("this study has no limit in time");
            store.Ask(asked => asked with { ExtraTime = Least(asked.ExtraTime + TimeSpan.FromMinutes(minutes), SearchControl.MostExtraTime) });
            return Results.NoContent();
        }));
        routes.MapPost(OfStore + "/start", (int number) => With(number, store =>
        {
            if (store.Read(read => read.IsDriven)) return Results.Conflict("a search is running on this store already");
            if (starter is null || starter.Obstacle(store.Path) is not null) return Results.Conflict(starter?.Obstacle(store.Path) ?? "this dashboard cannot start searches");
            starter.Start(store.Path);
            return Results.NoContent();
        }));

        WatchedStore? Find(int number) => number >= 0 && number < stores.Count ? stores[number] : null;

        Task<IResult> With(int number, Func<WatchedStore, IResult> act) => WithLater(number, store => Task.FromResult(act(store)));

        // the page gets in one line what went wrong with a store
        async Task<IResult> WithLater(int number, Func<WatchedStore, Task<IResult>> act)
        {
            if (Find(number) is not { } store) return Results.NotFound();
            try
            {
                return await act(store);
            }
            catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                return Results.Text(unreadable.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        }

        Task<IResult> Running(int number, Func<SearchControl, SearchControl> change) => With(number, store =>
        {
            if (!store.Read(read => read.IsDriven)) return Results.Conflict("no search is running on this store");
            store.Ask(change);
            return Results.NoContent();
        });
    }

    // a name in letters of either case, not a number
    private static bool TryRead<T>(string? text, out T? value)
        where T : struct, Enum
    {
        value = Enum.TryParse<T>(text, ignoreCase: true, out var read) && !char.IsAsciiDigit(text[0]) ? read : null;
        return text is null || value is not null;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // an event where something has changed, as JSON: "state" is where the search stands, "result" what it has found
    private static async IAsyncEnumerable<SseItem<string>> Events(WatchedStore store, CancellationToken ending, [EnumeratorCancellation] CancellationToken left)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ending, left);
        string? state = null;
        ResultView? result = null;
        while (!end.IsCancellationRequested)
        {
            var (now, found) = store.Look();
            var text = JsonSerializer.Serialize(now, PageJson.Options);
            if (text != state) yield return new(state = text, "state");
            if (found is not null && found != result) yield return new(JsonSerializer.Serialize(result = found, PageJson.Options), "result");
            try
            {
                await Task.Delay(WatchedStore.BetweenLooks, end.Token);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    private static string Own(string name)
    {
        using var stream = typeof(Routes).Assembly.GetManifestResourceStream($"Page/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
