using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spindle.Designs.Plans;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Dashboard.Tests;

public sealed class DashboardServerTests : IAsyncLifetime
{
    private const string Token = "a token that is long enough";

    private readonly MadeStore made = new();
    private DashboardServer server = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await DashboardServer.Start(new([made.Path]) { Port = 0 });
        client = new() { BaseAddress = new(server.Address) };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        made.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("files/page.css")]
    [InlineData("files/dashboard.css")]
    [InlineData("files/d3.js")]
    [InlineData("files/plot.js")]
    [InlineData("files/figures.js")]
    [InlineData("files/views.js")]
    [InlineData("files/dashboard.js")]
    public async Task The_page_and_its_files_come_from_the_server_itself_and_name_no_other(string path)
    {
        using var answer = await Get(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("default-src 'none'; script-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        if (path.Length == 0) Assert.DoesNotMatch("(src|href)=\"(https?:)?//", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("files/page.html")]
    [InlineData("files/..%2f..%2fmade.db")]
    [InlineData("stores/1/trials")]
    [InlineData("stores/-1/trials")]
    [InlineData("stores/0/trials/999")]
    [InlineData("stores/1/events")]
    [InlineData("elsewhere")]
    public async Task What_does_not_exist_is_not_found(string path)
    {
        using var answer = await Get(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Trials_come_page_by_page_filtered_and_sorted()
    {
        foreach (var score in (double[])[70, 90, 80]) made.Score(score);
        var page = await Json("stores/0/trials?option=lora&order=score&descending=true&take=2");
        Assert.Equal(8, (int)page["count"]!);
        Assert.Equal([90.0, 80.0], page["trials"]!.AsArray().Select(trial => (double)trial!["score"]!));
        var rest = await Json("stores/0/trials?option=lora&order=score&descending=true&take=2&skip=2");
        Assert.Equal(70, (double)rest["trials"]![0]!["score"]!);
        Assert.Equal(3, (int)(await Json("stores/0/trials?state=completed"))["count"]!);
        Assert.Equal(8, (int)(await Json("stores/0/trials?text=SCRIPT"))["count"]!);
        foreach (var wrong in (string[])["state=7", "state=gone", "order=1", "order=id;drop table trial", "skip=x"])
        {
            using var refused = await Get("stores/0/trials?" + wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Several_stores_are_listed_by_their_files_and_read_by_their_numbers()
    {
        using var other = new MadeStore(1);
        await using var both = await DashboardServer.Start(new([made.Path, other.Path]) { Port = 0 });
        using var browser = new HttpClient { BaseAddress = new(both.Address) };
        Assert.Equal("""[{"number":0,"name":"made.db"},{"number":1,"name":"made.db"}]""", await browser.GetStringAsync("stores", TestContext.Current.CancellationToken));
        Assert.Contains("\"count\":24", await browser.GetStringAsync("stores/0/trials", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("\"count\":6", await browser.GetStringAsync("stores/1/trials", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_has_its_sizes_its_curve_and_the_scores_of_its_design()
    {
        var id = made.Score(70);
        made.Score(60);
        var trial = await Json($"stores/0/trials/{id}");
        Assert.Equal("completed", (string)trial["state"]!);
        Assert.Equal(6, trial["layers"]!.AsArray().Count);
        Assert.Equal(6, (int)trial["layerCount"]!);
        Assert.Contains("grouping: uniform", (string)trial["design"]!, StringComparison.Ordinal);
        Assert.Equal([0.7, 0.5], trial["losses"]!.AsArray().Select(point => (double)point!["loss"]!));
        Assert.Equal([70.0, 60.0], trial["scores"]!.AsArray().Select(score => (double)score!["score"]!));
        var facts = trial["facts"]!.AsArray().ToDictionary(fact => (string)fact!["name"]!, fact => (string)fact!["value"]!);
        Assert.Equal(("70.00", "0.7000", "384", "worker"), (facts["score"], facts["accuracy"], facts["trained parameters"], facts["worker"]));
    }

    [Fact]
    public async Task A_trial_that_diverged_says_why_and_on_which_machine_and_version_it_was_trained()
    {
        var claim = made.Store.Claim("worker")!;
        made.Store.Complete(claim, new(50, new Dictionary<string, double>(), [], 400, 10, 20, 0.5, "the loss is not a number after 3 steps"));
        var trial = await Json($"stores/0/trials/{claim.Id}");
        Assert.Equal(("diverged", "the loss is not a number after 3 steps"), ((string)trial["state"]!, (string)trial["failure"]!));
        var facts = trial["facts"]!.AsArray().ToDictionary(fact => (string)fact!["name"]!, fact => (string)fact!["value"]!);
        Assert.Equal(("the processor", "2", "1.2.3 (commit 0123456789)"), (facts["processor"], facts["cores"], facts["Spindle"]));
        var pending = await Json($"stores/0/trials/{claim.Id + 1}");
        Assert.DoesNotContain("processor", pending["facts"]!.AsArray().Select(fact => (string)fact!["name"]!));
    }

    [Fact]
    public async Task Scores_come_with_the_conditions_that_make_them_comparable()
    {
        var key = new TrialKey("S2", "lora", 0, "left", 3, 1);
        TrialKey[] keys = [key, key with { TrainingRows = 20, Split = 1, UsesAllRows = true, AveragedRuns = 2, LearningRate = 0.1 }];
        made.Store.Add([.. keys.Select(one => new TrialSpec(one, new TuningPlan.Full()))]);
        var id = made.Store.Trials().First(trial => trial.Spec.Key == key).Id;
        string[][] conditions = [.. (await Json($"stores/0/trials/{id}"))["scores"]!.AsArray().Select(score => score!["conditions"]!.AsArray().Select(condition => $"{condition!["name"]}: {condition["value"]}").ToArray())];
        Assert.Equal(["stage: S2", "epochs: 3", "training rows: the study's", "rows that score: the rows that select", "selection split: 1", "averaged runs: the study's"], conditions[0]);
        Assert.Equal(["stage: S2", "epochs: 3", "training rows: 20", "rows that score: the validation rows", "selection split: 2", "averaged runs: 2"], conditions[1]);
    }

    [Fact]
    public async Task A_trial_that_ends_arrives_on_the_stream_of_events()
    {
        using var stream = await client.GetStreamAsync("stores/0/events", TestContext.Current.CancellationToken);
        var events = SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal(0, (int)(await Next("state"))["progress"]!["done"]!);
        made.Score(70);
        made.Score(60);
        JsonNode state;
        do state = await Next("state");
        while ((int)state["progress"]!["done"]! < 2);
        Assert.Equal("made", (string)state["study"]!);
        Assert.False((bool)state["isRunning"]!);
        Assert.Equal("10 min", (string)state["limit"]!);
        JsonNode result;
        do result = await Next("result");
        while (result["stages"]!.AsArray().Count == 0);
        Assert.Equal("design", (string)result["stages"]![0]!["sample"]!);
        Assert.Equal(("lora", 65.0), ((string)result["stages"]![0]!["options"]![0]!["name"]!, (double)result["stages"]![0]!["options"]![0]!["mean"]!));

        async Task<JsonNode> Next(string type)
        {
            do Assert.True(await events.MoveNextAsync());
            while (events.Current.EventType != type);
            return JsonNode.Parse(events.Current.Data)!;
        }
    }

    [Fact]
    public async Task The_scores_by_epoch_of_a_running_trial_arrive_on_the_stream_of_events_and_on_its_page()
    {
        using var stream = await client.GetStreamAsync("stores/0/events", TestContext.Current.CancellationToken);
        var events = SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var claim = made.Store.Claim("worker")!;
        foreach (var scores in (double[][])[[40], [40, double.NaN, 55.5]])
        {
            made.Store.Heartbeat(claim, 10, null, scores);
            double[] expected = [.. scores.Where(double.IsFinite)], seen;
            do
            {
                do Assert.True(await events.MoveNextAsync());
                while (events.Current.EventType != "state");
                seen = [.. JsonNode.Parse(events.Current.Data)!["running"]!.AsArray().SelectMany(trial => trial!["epochScores"]!.AsArray()).Select(score => (double)score!)];
            }
            while (!seen.SequenceEqual(expected));
            Assert.Equal(expected, (await Json($"stores/0/trials/{claim.Id}"))["epochScores"]!.AsArray().Select(score => (double)score!));
        }
    }

    [Fact]
    public async Task Only_a_running_search_can_be_paused_continued_and_stopped()
    {
        Assert.Equal(HttpStatusCode.Conflict, await Post("stores/0/pause"));
        Assert.False(made.Store.Control().IsPaused);
        using (made.Store.LockForDriver())
        {
            Assert.Equal(HttpStatusCode.NoContent, await Post("stores/0/pause"));
            Assert.True(made.Store.Control().IsPaused);
            Assert.Equal(HttpStatusCode.NoContent, await Post("stores/0/continue"));
            Assert.False(made.Store.Control().IsPaused);
            Assert.Equal(HttpStatusCode.NoContent, await Post("stores/0/stop"));
            Assert.True(made.Store.Control().IsStopped);
        }
    }

    [Theory]
    [InlineData("5", HttpStatusCode.NoContent, 5)]
    [InlineData("0.5", HttpStatusCode.NoContent, 0.5)]
    [InlineData("0", HttpStatusCode.BadRequest, 0)]
    [InlineData("-5", HttpStatusCode.BadRequest, 0)]
    [InlineData("1e9", HttpStatusCode.BadRequest, 0)]
    [InlineData("NaN", HttpStatusCode.BadRequest, 0)]
    [InlineData("much", HttpStatusCode.BadRequest, 0)]
    public async Task More_time_is_added_to_the_limit_in_minutes(string minutes, HttpStatusCode status, double added)
    {
        Assert.Equal(status, await Post("stores/0/more-time?minutes=" + minutes));
        Assert.Equal(TimeSpan.FromMinutes(added), made.Store.Control().ExtraTime);
    }

    [Fact]
    public async Task Another_site_cannot_ask_for_anything()
    {
        using var held = made.Store.LockForDriver();
        foreach (var origin in (string?[])[null, "http://evil.example", "null", "https://" + new Uri(server.Address).Authority])
            Assert.Equal(HttpStatusCode.Forbidden, await Post("stores/0/stop", origin));
        Assert.False(made.Store.Control().IsStopped);
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    public async Task A_name_that_someone_lets_point_to_this_machine_is_turned_away(string host, bool isAllowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "stores");
        request.Headers.Host = host + ":" + new Uri(server.Address).Port;
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_token_only_who_knows_it_sees_anything()
    {
        await using var closed = await DashboardServer.Start(new([made.Path]) { Port = 0, Token = Token });
        var address = new Uri(closed.Address);
        Assert.Equal("?token=" + Uri.EscapeDataString(Token), address.Query);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = new(address.GetLeftPart(UriPartial.Authority)) };
        foreach (var path in (string[])["/", "/stores", "/files/page.css", "/stores/0/events", "/?token=wrong", "/?token="])
        {
            using var refused = await browser.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        // the token leaves the address for a cookie
        using (var opened = await browser.GetAsync(address.PathAndQuery, TestContext.Current.CancellationToken))
        {
            Assert.Equal((HttpStatusCode.Redirect, "/"), (opened.StatusCode, opened.Headers.Location!.ToString()));
            Assert.Contains("httponly", Assert.Single(opened.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        }

        using (var seen = await browser.GetAsync("/stores", TestContext.Current.CancellationToken)) Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        using var program = new HttpClient { BaseAddress = browser.BaseAddress };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using (var read = await program.GetAsync("/stores", TestContext.Current.CancellationToken)) Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task An_address_that_others_reach_needs_a_token() =>
        Assert.Contains("token", (await Assert.ThrowsAsync<InvalidDataException>(() => DashboardServer.Start(new([made.Path]) { Address = IPAddress.Any, Port = 0 }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_port_that_is_taken_is_said_unless_another_may_be_chosen()
    {
        var port = new Uri(server.Address).Port;
        Assert.Contains($"port {port}: another program", (await Assert.ThrowsAsync<InvalidDataException>(() => DashboardServer.Start(new([made.Path]) { Port = port }))).Message, StringComparison.Ordinal);
        using var usual = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            usual.Bind(new IPEndPoint(IPAddress.Loopback, DashboardOptions.UsualPort));
            usual.Listen();
        }
        catch (SocketException)
        {
            // another program has it, which is as good
        }

        await using var second = await DashboardServer.Start(new([made.Path]));
        Assert.NotEqual(DashboardOptions.UsualPort, new Uri(second.Address).Port);
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_refused_before_anything_listens()
    {
        var file = made.File("notes.txt");
        await File.WriteAllTextAsync(file, "not a store, but long enough to be looked at as one by SQLite, which reads a hundred bytes", TestContext.Current.CancellationToken);
        Assert.Contains("is not the store of a search", (await Assert.ThrowsAsync<InvalidDataException>(() => DashboardServer.Start(new([made.Path, file]) { Port = 0 }))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FileNotFoundException>(() => DashboardServer.Start(new([made.File("absent.db")]) { Port = 0 }));
        Assert.False(File.Exists(made.File("absent.db")));
    }

    [Fact]
    public async Task A_store_that_is_deleted_is_said_and_read_again_when_it_is_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a file that is open");
        made.Score(70);
        Assert.Equal(24, (int)(await Json("stores/0/trials"))["count"]!);
        using (var copy = SqliteTrialStore.OpenOrCreate(made.File("other.db"))) copy.Note("empty");
        File.Move(made.File("other.db"), made.Path, overwrite: true);
        using (var gone = await Get("stores/0/trials"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, gone.StatusCode);
            Assert.Contains("was replaced", await gone.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        File.Delete(made.Path + "-wal");
        File.Delete(made.Path + "-shm");
        Assert.Equal(0, (int)(await Json("stores/0/trials"))["count"]!);
    }

    [Fact]
    public async Task A_report_holds_what_a_store_says_as_text_only()
    {
        made.Score(70);
        made.Score(60);
        using var answer = await Get("stores/0/report");
        Assert.DoesNotContain(MadeStore.Hostile, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_shows_what_has_ended_since_the_one_before()
    {
        made.Score(70);
        Assert.Equal(1, await Trials());
        made.Score(60);
        for (var waited = Stopwatch.StartNew(); await Trials() != 2; await Task.Delay(20, TestContext.Current.CancellationToken)) Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "the report is not computed anew");

        // the number of trials in the report's data; null while it is being computed
        async Task<int?> Trials()
        {
            using var answer = await Get("stores/0/report");
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.Accepted) return int.Parse(Regex.Match(page, "\"trials\":([0-9]+),\"exampleSteps\"").Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Contains("Computing the report", page, StringComparison.Ordinal);
            return null;
        }
    }

    [Fact]
    public async Task Searches_are_started_by_the_starter_and_only_where_it_can_and_none_runs()
    {
        Assert.Equal(HttpStatusCode.Conflict, await Post("stores/0/start"));
        var starter = new Starter();
        await using var starting = await DashboardServer.Start(new([made.Path]) { Port = 0, Starter = starter });
        client = new() { BaseAddress = new(starting.Address) };
        using (made.Store.LockForDriver()) Assert.Equal(HttpStatusCode.Conflict, await Post("stores/0/start", new Uri(starting.Address).GetLeftPart(UriPartial.Authority)));
        Assert.Empty(starter.Started);
        Assert.Equal(HttpStatusCode.NoContent, await Post("stores/0/start", new Uri(starting.Address).GetLeftPart(UriPartial.Authority)));
        Assert.Equal([made.Path], starter.Started);
    }

    [Fact]
    public async Task The_server_ends_at_once_while_a_page_is_open()
    {
        await using var ending = await DashboardServer.Start(new([made.Path]) { Port = 0 });
        using var browser = new HttpClient { BaseAddress = new(ending.Address) };
        using var stream = await browser.GetStreamAsync("stores/0/events", TestContext.Current.CancellationToken);
        await ending.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> Get(string path) => client.GetAsync(path, TestContext.Current.CancellationToken);

    private async Task<JsonNode> Json(string path) => JsonNode.Parse(await client.GetStringAsync(path, TestContext.Current.CancellationToken))!;

    private Task<HttpStatusCode> Post(string path) => Post(path, new Uri(server.Address).GetLeftPart(UriPartial.Authority));

    private async Task<HttpStatusCode> Post(string path, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private sealed class Starter : ISearchStarter
    {
        public List<string> Started { get; } = [];

        public string? Obstacle(string store) => null;

        public void Start(string store) => Started.Add(store);

        public string? Failure(string store) => null;
    }
}
