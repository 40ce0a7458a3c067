using System.Diagnostics;
using System.Text.Json;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Trials;
using Spindle.Tests.Postgres;

[assembly: AssemblyFixture(typeof(PrivatePostgres))]

namespace Spindle.Cli.Tests;

/// <summary>Searches whose store is a PostgreSQL database, and workers that no search started: as on several machines that share a folder.</summary>
public sealed class SeveralMachinesTests(PrivatePostgres server)
{
    private const string Study = """
        study: shared
        backbone: minilm-l6
        tasks: [builtin/sentiment]
        space: {groups: 2, strategies: [adapter, lora]}
        training: {epochs: 1, batch-size: 8, train-limit: 24, validation-limit: 16, max-length: 32}
        search: {policy: exhaustive, samples-per-option: 1, seed: 11, final-epochs: 1, final-seeds: 2}
        """;

    [Fact]
    public async Task A_search_in_a_database_with_workers_that_others_started_ends_with_the_scores_of_one_worker_and_a_file()
    {
        var database = server.NewDatabase() + "?schema=shared";
        using var folder = new TemporaryFolder();
        var (study, file, copy) = (folder.File("study.yaml", Study), folder.File("alone.db"), folder.File("copy.db"));
        // before there is a search, as an array of jobs starts
        var early = SpindleProcess.Run(null, "worker", database, "--idle-timeout", "2m");
        using var search = Process.Start(SpindleProcess.Start("search", study, "--store", database, "--workers", "0"))!;
        var (output, errors) = (search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        var late = SpindleProcess.Run(null, "worker", database, "--idle-timeout", "2m");
        await search.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(search.ExitCode == 0, await errors);
        foreach (var worker in (Task<(int Code, string Output, string Errors)>[])[early, late])
        {
            var ended = await worker.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.True(ended.Code == 0, ended.Errors);
            Assert.EndsWith("the study has ended\n", ended.Errors, StringComparison.Ordinal);
        }

        Assert.Contains("waiting for a search on postgres://spindle@127.0.0.1", (await early).Errors, StringComparison.Ordinal);
        Assert.Contains("the workers that others start", await output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("study.report.html")));
        Assert.True(Directory.Exists(folder.File("study.tuned/best")));
        using (var store = TrialStores.Open(database))
        {
            Assert.Equal(2, store.Trials().Select(trial => trial.Worker).Distinct().Count());
            Assert.DoesNotContain("cret", store.Study!.Runs[0].Command, StringComparison.Ordinal);
            Assert.Contains("--workers 0", store.Study.Runs[0].Command, StringComparison.Ordinal);
        }

        var alone = await SpindleProcess.Run(null, "search", study, "--store", file, "--workers", "1");
        Assert.True(alone.Code == 0, alone.Errors);
        Assert.Equal(Numbers(file), Numbers(database));

        // the same report from the database and from a file that it was copied to
        var copied = await SpindleProcess.Run(null, "store", "copy", database, copy);
        Assert.True(copied.Code == 0, copied.Errors);
        Assert.Matches("^[0-9]+ trials of postgres://spindle@127.0.0.1:[0-9]+/d[0-9]+\\?schema=shared are in ", copied.Output);
        foreach (var format in (string[])["text", "json", "markdown"])
        {
            var (there, here) = (await SpindleProcess.Run(null, "report", database, "--format", format), await SpindleProcess.Run(null, "report", copy, "--format", format));
            Assert.True(there.Code == 0, there.Errors);
            Assert.Equal(there.Output, here.Output);
        }

        Assert.DoesNotContain("cret", await output + await errors + (await early).Errors + (await late).Errors + copied.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_receives_sigterm_gives_its_trial_back_with_its_checkpoint_and_the_next_one_finishes_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill");
        var database = server.NewDatabase();
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", Study.Replace("epochs: 1, batch-size: 8, train-limit: 24", "epochs: 8, batch-size: 4, train-limit: 64", StringComparison.Ordinal));
        using var search = Process.Start(SpindleProcess.Start("search", study, "--store", database, "--workers", "0"))!;
        var output = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var worker = Process.Start(SpindleProcess.Start("worker", database))!;
        var said = worker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Trial? busy;
        while ((busy = Look(database, store => store.Running().FirstOrDefault(trial => trial.Examples > 40))) is null)
        {
            Assert.False(worker.HasExited || search.HasExited, "the worker or the search has ended");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await Send("-TERM", worker.Id);
        Assert.True(worker.WaitForExit(TimeSpan.FromSeconds(40)), "the worker does not end");
        Assert.Equal(130, worker.ExitCode);
        Assert.EndsWith("stopped; the trial that was running was given back\n", await said, StringComparison.Ordinal);
        var given = Look(database, store => store.Find(busy.Id))!;
        Assert.Equal((TrialState.Pending, 0), (given.State, given.Losses));
        Assert.Single(Directory.GetFiles(folder.File("study.tuned/.trials"), "*.training"));

        // who claims it next begins where it stood, and whoever stops the search stops its workers
        using var next = Process.Start(SpindleProcess.Start("worker", database, "--idle-timeout", "3s"))!;
        var nextSaid = next.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (Look(database, store => store.Find(busy.Id))!.State != TrialState.Completed)
        {
            Assert.False(next.HasExited, "the next worker has ended");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        await Send("-TERM", search.Id);
        Assert.True(search.WaitForExit(TimeSpan.FromSeconds(60)), "the search does not end");
        Assert.Equal(130, search.ExitCode);
        Assert.EndsWith($"To resume: spindle search {study} --store {TrialStores.NameOf(database)}\n", await errors, StringComparison.Ordinal);
        Assert.True(next.WaitForExit(TimeSpan.FromSeconds(60)), "the worker outlives its idle timeout");
        Assert.Equal(0, next.ExitCode);
        Assert.EndsWith("no trial came for 3 s\n", await nextSaid, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", await output + await errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_cannot_see_the_searchs_folder_says_so_and_claims_nothing()
    {
        var database = server.NewDatabase();
        using var folder = new TemporaryFolder();
        using var search = Process.Start(SpindleProcess.Start("search", folder.File("study.yaml", Study), "--store", database, "--workers", "0"))!;
        _ = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var refused = await SpindleProcess.Run(null, "worker", database, "--tuned", folder.File("elsewhere"));
        Assert.Equal(2, refused.Code);
        Assert.EndsWith("so share it with this machine, or name where it is with --tuned\n", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Look(database, store => store.Running()));
        search.Kill(entireProcessTree: true);
        await search.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_wrong_address_ends_with_code_2_and_one_line_without_the_password()
    {
        var database = new Uri(server.NewDatabase());
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", Study);
        foreach (var (address, why) in new[]
        {
            (server.Address(database.AbsolutePath.Trim('/'), "wrong-secret"), "the server refuses the user 'spindle' or the password; "),
            (server.Address("absent"), "the database 'absent' does not exist on this server; "),
            ("postgres://spindle:secret@127.0.0.1:1/x", "no PostgreSQL server answers there ("),
            ("postgres://spindle:secret@127.0.0.1:1", "the address of the database names no database; "),
        })
        {
            foreach (var command in (string[][])[["search", study, "--store", address], ["worker", address], ["report", address], ["store", "copy", address, folder.File("x.db")]])
            {
                var refused = await SpindleProcess.Run(null, command);
                Assert.True(refused.Code == 2, refused.Errors);
                Assert.Contains(why, refused.Errors, StringComparison.Ordinal);
                Assert.DoesNotContain("cret", refused.Errors, StringComparison.Ordinal);
                Assert.Single(refused.Errors.TrimEnd().Split('\n'));
            }
        }

        Assert.False(File.Exists(folder.File("x.db")));
    }

    private static T Look<T>(string location, Func<ISharedTrialStore, T> look)
    {
        while (true)
        {
            using var store = TrialStores.OpenExisting(location);
            if (store is not null) return look(store);
            Thread.Sleep(50);
        }
    }

    private static async Task Send(string signal, int process)
    {
        using var kill = Process.Start("kill", [signal, $"{process}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static string[] Numbers(string location)
    {
        using var store = TrialStores.Open(location);
        return
        [
            .. store.Stages().Select(stage => $"{stage.Name}: {stage.Chosen}"),
            .. store.Trials().OrderBy(trial => trial.Spec.Key.ToString(), StringComparer.Ordinal).Select(trial => string.Join(' ',
                trial.Spec.Key, trial.State, trial.Spec.Key.Seed, trial.Outcome?.Score?.ToString("R"), string.Join(',', trial.Outcome?.EpochScores ?? []), trial.Outcome?.Trained)),
            .. store.Predictions(FinalComparison.StageName).OrderBy(trial => trial.Key).Select(trial => JsonSerializer.Serialize(trial.Value)),
        ];
    }
}
