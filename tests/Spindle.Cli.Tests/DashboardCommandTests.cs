using System.Diagnostics;
using System.Net;
using Spindle.Cli.Commands;
using Spindle.Search.Storage;

namespace Spindle.Cli.Tests;

/// <summary>The command that shows searches in the browser, and what it asks of searches in other processes.</summary>
public class DashboardCommandTests
{
    private const string Study = """
        study: watched
        backbone: minilm-l6
        tasks: [builtin/sentiment]
        space: {groups: 2, strategies: [adapter, lora]}
        training: {epochs: 1, batch-size: 8, max-length: 16, train-limit: 24, validation-limit: 16}
        search: {policy: comparison, seed: 11, final-epochs: 1, final-seeds: 3, baselines: [untrained]}
        """;

    [Fact]
    public async Task A_file_that_is_no_store_is_refused_with_exit_code_2_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("notes.txt", new string('x', 200));
        var (code, _, errors) = await SpindleProcess.Run(null, "dashboard", file, "--port", "0");
        Assert.Equal(2, code);
        Assert.Equal($"spindle: {file}: is not the store of a search; name another file", errors.TrimEnd());
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task It_prints_its_address_and_ends_with_code_0_when_it_is_interrupted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        var store = folder.File("empty.db");
        SqliteTrialStore.OpenOrCreate(store).Dispose();
        using var dashboard = Process.Start(SpindleProcess.Start("dashboard", store, "--port", "0"))!;
        var address = await Address(dashboard);
        using (var client = new HttpClient()) Assert.Contains("empty.db", await client.GetStringAsync(address + "stores", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-TERM", $"{dashboard.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(dashboard.WaitForExit(TimeSpan.FromSeconds(10)), "the dashboard does not end");
        Assert.Equal(0, dashboard.ExitCode);
        Assert.Equal("", await dashboard.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task For_other_machines_it_makes_a_token_and_prints_the_address_with_it()
    {
        using var folder = new TemporaryFolder();
        var store = folder.File("empty.db");
        SqliteTrialStore.OpenOrCreate(store).Dispose();
        using var dashboard = Process.Start(SpindleProcess.Start("dashboard", store, "--port", "0", "--address", "0.0.0.0"))!;
        var address = new Uri(await Address(dashboard));
        dashboard.Kill();
        Assert.Matches("^\\?token=[0-9a-f]{48}$", address.Query);
    }

    [Fact]
    public async Task A_search_that_the_dashboard_started_outlives_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the process is ended with its children there");
        using var folder = new TemporaryFolder();
        folder.File("study.yaml", Study);
        var store = folder.File("study.db");
        SqliteTrialStore.OpenOrCreate(store).Dispose();
        using (var dashboard = Process.Start(SpindleProcess.Start("dashboard", store, "--port", "0"))!)
        {
            Assert.Equal(HttpStatusCode.NoContent, await Post(await Address(dashboard), "start"));
            await Until(() => Ended(store) > 0);
            dashboard.Kill();
        }

        await Until(() => File.Exists(folder.File("study.report.html")));
        Assert.Contains("the report for a browser is", await File.ReadAllTextAsync(folder.File("study.search.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_whose_store_has_another_name_than_its_study_is_started_with_the_study_that_it_ran()
    {
        using var folder = new TemporaryFolder();
        var (plans, runs) = (Directory.CreateDirectory(folder.File("plans")).FullName, Directory.CreateDirectory(folder.File("runs")).FullName);
        var (plan, store) = (Path.Combine(plans, "plan.yaml"), Path.Combine(runs, "first.db"));
        await File.WriteAllTextAsync(plan, Study, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(plans, "notes.yaml"), "a: [", TestContext.Current.CancellationToken);
        var (code, _, said) = await SpindleProcess.Run(null, "search", plan, "--store", store, "--workers", "1");
        Assert.True(code == 0, said);
        File.Delete(Path.Combine(runs, "first.report.html"));
        using var dashboard = Process.Start(SpindleProcess.Start("dashboard", store, "--port", "0"))!;
        try
        {
            var address = await Address(dashboard);
            Assert.Contains("\"startObstacle\":null", await State(address), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NoContent, await Post(address, "start"));
            await Until(() => File.Exists(Path.Combine(runs, "first.report.html")));
            // it has the same models' folder and the same trials
            Assert.Equal(["first.tuned"], Directory.GetDirectories(runs).Select(Path.GetFileName));
        }
        finally
        {
            dashboard.Kill(entireProcessTree: true);
        }

        // of two files of the study, the command named this one
        var copy = Path.Combine(plans, "copy.yaml");
        File.Copy(plan, copy);
        Assert.Equal(plan, StudyFile.Find(store));
        File.Move(plan, Path.Combine(plans, "moved.yaml"));
        Assert.Null(StudyFile.Find(store));
        Assert.Contains($"nor one file alone of study 'watched' exists in {runs} or {plans}", StudyFile.Missing(store), StringComparison.Ordinal);
        File.Delete(copy);
        Assert.Equal(Path.Combine(plans, "moved.yaml"), StudyFile.Find(store));
    }

    [Fact]
    public async Task Why_a_search_cannot_be_started_or_has_failed_is_told_on_the_page()
    {
        using var folder = new TemporaryFolder();
        var store = folder.File("study.db");
        SqliteTrialStore.OpenOrCreate(store).Dispose();
        using var dashboard = Process.Start(SpindleProcess.Start("dashboard", store, "--port", "0"))!;
        try
        {
            var address = await Address(dashboard);
            Assert.Equal(HttpStatusCode.Conflict, await Post(address, "start"));
            Assert.Contains("The study file ", await State(address), StringComparison.Ordinal);
            folder.File("study.yaml", Study.Replace("lora", "lorra", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.NoContent, await Post(address, "start"));
            string state;
            for (var waited = Stopwatch.StartNew(); !(state = await State(address)).Contains("ended with code 2: spindle: ", StringComparison.Ordinal); await Task.Delay(100, TestContext.Current.CancellationToken))
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), state);
            Assert.Contains("lorra", state, StringComparison.Ordinal);
        }
        finally
        {
            dashboard.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_search_with_its_own_dashboard_is_stopped_there_as_by_an_interrupt_and_can_be_resumed()
    {
        using var folder = new TemporaryFolder();
        var (study, store) = (folder.File("study.yaml", Study), folder.File("study.db"));
        using var search = Process.Start(SpindleProcess.Start("search", study, "--workers", "1", "--dashboard"))!;
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var address = await Address(search);
        await Until(() => Ended(store) > 0);
        Assert.Equal(HttpStatusCode.Conflict, await Post(address, "more-time?minutes=5"));
        Assert.Equal(HttpStatusCode.NoContent, await Post(address, "stop"));
        Assert.True(search.WaitForExit(TimeSpan.FromSeconds(60)), "the search does not end");
        Assert.Equal(130, search.ExitCode);
        var last = (await errors).TrimEnd().Split('\n')[^1];
        Assert.StartsWith($"spindle: stopped by a dashboard; every finished trial is in {store}", last, StringComparison.Ordinal);
        Assert.EndsWith($"To resume: spindle search {study}", last, StringComparison.Ordinal);
        var (code, _, said) = await SpindleProcess.Run(null, "search", study, "--workers", "1");
        Assert.True(code == 0, said);
    }

    private static async Task<string> Address(Process process)
    {
        const string Start = "the dashboard is ";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.StartsWith(Start, StringComparison.Ordinal))
                return line[Start.Length..];
        throw new InvalidOperationException("no address was printed");
    }

    // the first event is where the search stands
    private static async Task<string> State(string address)
    {
        using var client = new HttpClient();
        using var events = new StreamReader(await client.GetStreamAsync(address + "stores/0/events", TestContext.Current.CancellationToken));
        await events.ReadLineAsync(TestContext.Current.CancellationToken);
        return (await events.ReadLineAsync(TestContext.Current.CancellationToken))!;
    }

    private static int Ended(string file)
    {
        if (!File.Exists(file)) return 0;
        using var store = SqliteTrialStore.OpenToRead(file);
        return store.EndedAfter(0).Count;
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(50, TestContext.Current.CancellationToken))
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "not so after two minutes");
    }

    private static async Task<HttpStatusCode> Post(string address, string what)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}stores/0/{what}");
        request.Headers.Add("Origin", address.TrimEnd('/'));
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
