using System.Diagnostics;
using System.Text.Json;
using Spindle.Search.Stages;
using Spindle.Search.Storage;

namespace Spindle.Cli.Tests;

public class InterruptedSearchTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int LongestLifeInMilliseconds = 6000;

    private const string Study = """
        study: interrupted
        backbone: minilm-l6
        tasks: [builtin/sentiment]
        space: {groups: 2, strategies: [adapter, lora]}
        training: {epochs: 2, batch-size: 8, train-limit: 48, validation-limit: 32}
        search: {policy: exhaustive, samples-per-option: 2, seed: 11, final-epochs: 2, final-seeds: 2}
        """;

    [Fact(Explicit = true)]
    public async Task A_search_that_is_killed_twenty_times_ends_with_the_numbers_of_one_that_is_not()
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", Study);
        var (whole, broken) = (folder.File("whole.db"), folder.File("broken.db"));
        var straight = await SpindleProcess.Run(null, "search", study, "--store", whole, "--workers", "2");
        Assert.True(straight.Code == 0, straight.Errors);

        var random = new Random(5);
        var cutOff = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Process.Start(SpindleProcess.Start("search", study, "--store", broken, "--workers", "2"))!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var life = TimeSpan.FromMilliseconds(random.Next(LongestLifeInMilliseconds));
            await Task.WhenAny(process.WaitForExitAsync(TestContext.Current.CancellationToken), Task.Delay(life, TestContext.Current.CancellationToken));
            if (!process.HasExited) cutOff++;
            // sometimes the driver alone, whose workers must then end by themselves, sometimes all
            process.Kill(entireProcessTree: kill % 2 == 0);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        output.WriteLine($"{cutOff} of {Kills} runs were cut off before their end");
        Assert.True(cutOff >= Kills / 2, $"only {cutOff} runs were cut off");
        var resumed = await SpindleProcess.Run(null, "search", study, "--store", broken, "--workers", "1");
        Assert.True(resumed.Code == 0, resumed.Errors);
        Assert.Equal(Numbers(whole), Numbers(broken));
    }

    // the signal of Ctrl-C takes the same way, but is ignored by what a shell runs in the background, as a test may be
    [Theory]
    [InlineData("-TERM")]
    [InlineData("-HUP")]
    public async Task An_interrupted_search_ends_with_130_keeps_its_trials_and_the_best_model_so_far_and_says_how_to_resume(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        var (study, store, tuned) = (folder.File("study.yaml", Study), folder.File("mine.db"), folder.File("models"));
        using var search = Process.Start(SpindleProcess.Start("search", study, "--store", store, "--tuned", tuned, "--workers", "1"))!;
        var output = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ReadUntil(search.StandardError, "S1");
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Send(signal, search.Id);
        await search.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, search.ExitCode);
        var last = (await errors).TrimEnd().Split('\n')[^1];
        Assert.StartsWith($"spindle: interrupted; every finished trial is in {store}, and the best model so far (", last, StringComparison.Ordinal);
        Assert.EndsWith($" points) in {Path.Combine(tuned, "best")}. To resume: spindle search {study} --store {store} --tuned {tuned}", last, StringComparison.Ordinal);
        Assert.StartsWith("study interrupted:", await output, StringComparison.Ordinal);
        Assert.StartsWith("S0", Numbers(store)[0], StringComparison.Ordinal);

        var report = await SpindleProcess.Run(null, "report", store);
        Assert.Equal(0, report.Code);
        Assert.Contains("The best so far is ", report.Output, StringComparison.Ordinal);
        var predicted = await SpindleProcess.Run(null, "predict", tuned, "a fine film");
        Assert.True(predicted.Code == 0, predicted.Errors);
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_search_that_receives_many_signals_ends_without_a_stack_trace_and_can_be_resumed(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        var (study, store) = (folder.File("study.yaml", Study), folder.File("study.db"));
        using var search = Process.Start(SpindleProcess.Start("search", study, "--workers", "1"))!;
        var rest = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ReadUntil(search.StandardError, "S0");
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        for (var signals = 0; signals < 5; signals++) await Send(signal, search.Id);
        // what a shell runs in the background ignores SIGINT
        if (signal == "-INT" && !search.WaitForExit(TimeSpan.FromSeconds(5))) search.Kill(entireProcessTree: true);
        await search.WaitForExitAsync(TestContext.Current.CancellationToken);
        await rest;
        var text = (await errors).TrimEnd();
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length == 0 || line[0] == 'S' || line.StartsWith("spindle: interrupted", StringComparison.Ordinal), text));
        using var opened = SqliteTrialStore.Open(store);
        Assert.NotNull(opened.Study);
    }

    [Fact]
    public async Task Sigterm_ends_a_search_whose_worker_is_busy_and_does_not_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "children are listed in /proc");
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", Study);
        using var search = Process.Start(SpindleProcess.Start("search", study, "--workers", "1"))!;
        var rest = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ReadUntil(search.StandardError, "S0");
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var worker = await BusyWorker(search.Id, folder.File("study.db"));
        await Send("-STOP", worker);
        await Send("-TERM", search.Id);
        Assert.True(search.WaitForExit(TimeSpan.FromSeconds(60)), "the search does not end");
        Assert.Equal(130, search.ExitCode);
        Assert.StartsWith("spindle: interrupted;", (await errors).TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        await rest;
        Assert.False(Directory.Exists($"/proc/{worker}"), "the worker outlives its search");
    }

    [Theory]
    [InlineData(true, "was deleted")]
    [InlineData(false, "was replaced by another file")]
    public async Task A_store_that_is_lost_in_use_ends_the_search_with_code_1(bool isDeleted, string what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps a file that is open");
        using var folder = new TemporaryFolder();
        var (study, store) = (folder.File("study.yaml", Study), folder.File("study.db"));
        using var search = Process.Start(SpindleProcess.Start("search", study, "--workers", "1"))!;
        var rest = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ReadUntil(search.StandardError, "S0");
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (isDeleted) File.Delete(store);
        else File.Move(folder.File("other.db", "another file"), store, overwrite: true);
        Assert.True(search.WaitForExit(TimeSpan.FromSeconds(60)), "the search does not end");
        await rest;
        var line = (await errors).TrimEnd().Split('\n')[^1];
        Assert.True(search.ExitCode == 1, line);
        Assert.StartsWith($"spindle: {store}: the store {what} while it was in use; ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_to_resume_is_quoted_where_paths_hold_spaces()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("my studies"));
        var (study, store) = (folder.File("my studies/it's one.yaml", Study), folder.File("my studies/a.db"));
        using var search = Process.Start(SpindleProcess.Start("search", study, "--store", store, "--workers", "1"))!;
        var rest = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ReadUntil(search.StandardError, "S0");
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Send("-TERM", search.Id);
        await search.WaitForExitAsync(TestContext.Current.CancellationToken);
        await rest;
        Assert.EndsWith($"To resume: spindle search '{study.Replace("'", "'\\''", StringComparison.Ordinal)}' --store '{store}'", (await errors).TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_ends_a_search_that_waits_for_its_rows()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "a file that never answers is made by mkfifo");
        using var folder = new TemporaryFolder();
        var rows = folder.File("rows.csv");
        using (var pipe = Process.Start("mkfifo", [rows])) await pipe.WaitForExitAsync(TestContext.Current.CancellationToken);
        var study = folder.File("study.yaml", $"backbone: minilm-l6\ntasks: [{{name: mine, train: '{rows}'}}]\n");
        using var search = Process.Start(SpindleProcess.Start("search", study))!;
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.False(search.HasExited, "the search does not wait");
        await Send("-TERM", search.Id);
        Assert.True(search.WaitForExit(TimeSpan.FromSeconds(20)), "the search does not end");
        Assert.Equal(130, search.ExitCode);
        Assert.Equal("spindle: interrupted; run the same command again to start over or resume", (await errors).TrimEnd());
    }

    private static async Task<int> BusyWorker(int search, string path)
    {
        using (var store = SqliteTrialStore.Open(path))
            while (store.Running().Count == 0) await Task.Delay(20, TestContext.Current.CancellationToken);
        var children = Directory.GetDirectories($"/proc/{search}/task").Select(thread => File.ReadAllText(Path.Combine(thread, "children")).Trim()).First(line => line.Length > 0);
        return int.Parse(children.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task ReadUntil(StreamReader progress, string stage)
    {
        while (await progress.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith(stage, StringComparison.Ordinal)) { }
    }

    private static async Task Send(string signal, int process)
    {
        using var kill = Process.Start("kill", [signal, $"{process}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static string[] Numbers(string path)
    {
        using var store = SqliteTrialStore.Open(path);
        return
        [
            .. store.Stages().Select(stage => $"{stage.Name}: {stage.Chosen}"),
            .. store.Trials().OrderBy(trial => trial.Spec.Key.ToString(), StringComparer.Ordinal).Select(trial => string.Join(' ',
                trial.Spec.Key, trial.State, trial.Spec.Key.Seed, trial.Outcome?.Score?.ToString("R"), string.Join(',', trial.Outcome?.EpochScores ?? []), trial.Outcome?.Trained)),
            .. store.Predictions(FinalComparison.StageName).OrderBy(trial => trial.Key).Select(trial => $"{trial.Key}: {JsonSerializer.Serialize(trial.Value)}"),
        ];
    }
}
