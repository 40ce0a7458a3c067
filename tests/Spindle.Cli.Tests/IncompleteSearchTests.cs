using System.Diagnostics;
using System.Text.Json.Nodes;
using Spindle.Search.Storage;

namespace Spindle.Cli.Tests;

/// <summary>A search that ends without a part of its trials.</summary>
public class IncompleteSearchTests
{
    private const string Side = "full";

    [Fact]
    public async Task A_side_that_could_not_be_run_ends_the_search_with_code_1_and_the_same_command_runs_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "children are listed in /proc");
        using var folder = new TemporaryFolder();
        string[] command = ["search", folder.File("study.yaml", $$"""
            backbone: minilm-l6
            tasks: [builtin/sentiment]
            space: {groups: 1, strategies: [bitfit]}
            training: {epochs: 1, batch-size: 8, max-length: 32, train-limit: 160, validation-limit: 16}
            search: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [{{Side}}]}
            """), "--workers", "1"];
        using var search = Process.Start(SpindleProcess.Start(command))!;
        var output = search.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ReadUntil(search.StandardError, "Final");
        var errors = search.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await KillWorkersOfSide(search, folder.File("study.db"));
        Assert.True(search.ExitCode == 1, await errors);
        Assert.EndsWith("\nspindle: 1 trial could not be run and is left out of every mean; run the same command again to retry\n", "\n" + await errors, StringComparison.Ordinal);
        // the other side is compared all the same
        Assert.Contains("the winner in", await output, StringComparison.Ordinal);
        Assert.Equal(["bitfit"], await ScoredSides());

        var (code, _, retryErrors) = await SpindleProcess.Run(null, command);
        Assert.True(code == 0, retryErrors);
        Assert.Equal(["bitfit", Side], await ScoredSides());

        async Task<string[]> ScoredSides()
        {
            var (_, json, _) = await SpindleProcess.Run(null, "report", folder.File("study.db"), "--format", "json");
            return [.. JsonNode.Parse(json)!["sides"]!.AsArray().Where(side => side!["validation"] is not null).Select(side => (string)side!["side"]!)];
        }
    }

    // each worker that trains the side, until the search gives the trial up
    private static async Task KillWorkersOfSide(Process search, string path)
    {
        using var store = SqliteTrialStore.Open(path);
        while (!search.HasExited)
        {
            if (store.Running().Any(trial => trial.Spec.Key.Option == Side)) Kill(search.Id);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await search.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static void Kill(int search)
    {
        try
        {
            var children = Directory.GetDirectories($"/proc/{search}/task").SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
            foreach (var child in children)
            {
                using var worker = Process.GetProcessById(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture));
                worker.Kill();
            }
        }
        catch (Exception error) when (error is IOException or ArgumentException or InvalidOperationException)
        {
            // it has ended meanwhile
        }
    }

    private static async Task ReadUntil(StreamReader progress, string stage)
    {
        while (await progress.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith(stage, StringComparison.Ordinal)) { }
    }
}
