using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Spindle.Search.Storage;

namespace Spindle.Cli.Tests;

/// <summary>Searches that start from an earlier one on another task.</summary>
public class WarmStartTests
{
    private const string First = """
        study: first
        backbone: minilm-l6
        tasks: [builtin/similarity]
        space: {groups: 2, strategies: [adapter, lora]}
        training: {epochs: 1, batch-size: 8, train-limit: 16, validation-limit: 32, learning-rate: [1e-3, 3e-3, 1e-2]}
        search: {policy: joint, samples-per-option: 3, seed: 11, final-epochs: 1, final-seeds: 1, baselines: [head]}
        """;

    private static readonly string Second = First.Replace("study: first", "study: second", StringComparison.Ordinal)
        .Replace("[builtin/similarity]", "[builtin/similarity, builtin/acceptability]", StringComparison.Ordinal).Replace("samples-per-option: 3", "samples-per-option: 4", StringComparison.Ordinal);

    [Fact]
    public async Task A_search_starts_from_one_on_another_task_and_ends_with_the_same_numbers_after_a_kill_and_without_the_earlier_store()
    {
        using var folder = new TemporaryFolder();
        var (first, study) = (folder.File("first.yaml", First), folder.File("second.yaml", Second));
        var earlier = await SpindleProcess.Run(null, "search", first, "--workers", "1");
        Assert.True(earlier.Code == 0, earlier.Errors);
        string[] From(string store) => ["search", study, "--store", folder.File(store), "--workers", "1", "--from", folder.File("first.db")];

        var whole = await SpindleProcess.Run(null, From("whole.db"));
        Assert.True(whole.Code == 0, whole.Errors);
        Assert.Contains("The search starts from first (first.db: minilm-l6 on builtin/similarity) with ", whole.Output, StringComparison.Ordinal);
        Assert.Contains("rank correlation with earlier searches: first.db ", whole.Errors, StringComparison.Ordinal);
        Assert.Contains("The search started from first (first.db: minilm-l6 on builtin/similarity) with ", whole.Output, StringComparison.Ordinal);
        var report = await SpindleProcess.Run(null, "report", folder.File("whole.db"), "--format", "json");
        var found = Assert.Single(JsonNode.Parse(report.Output)!["earlier"]!.AsArray())!;
        Assert.Equal(("first.db", "first", 0), ((string)found["store"]!, (string)found["study"]!, (int)found["leftOut"]!));
        Assert.InRange((double)found["correlation"]!, -1, 1);

        using (var broken = Process.Start(SpindleProcess.Start(From("broken.db")))!)
        {
            var output = broken.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = broken.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await SomeTrials(folder.File("broken.db"), broken);
            broken.Kill(entireProcessTree: true);
            await broken.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Task.WhenAll(output, errors);
        }

        using (var store = SqliteTrialStore.Open(folder.File("broken.db"))) Assert.DoesNotContain(store.Stages(), stage => stage.IsFinalComparison);

        File.Delete(folder.File("first.db"));
        var resumed = await SpindleProcess.Run(null, From("broken.db"));
        Assert.True(resumed.Code == 0, resumed.Errors);
        Assert.Equal(Numbers(folder.File("whole.db")), Numbers(folder.File("broken.db")));

        // a search that began with an earlier one does not resume without it
        var without = await SpindleProcess.Run(null, [.. From("broken.db").SkipLast(2)]);
        Assert.Equal(2, without.Code);
        Assert.Contains("search.from", without.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.db", "it does not exist")]
    [InlineData("notes.db", "is not the store of a search")]
    [InlineData("empty.db", "it is empty")]
    [InlineData("folder.db", "it is a folder")]
    [InlineData("later.db", "is a store of format 99")]
    [InlineData("unscored.db", "no search has been started on it")]
    [InlineData("study.db", "it is the store of the study itself")]
    [InlineData(" ", "--from: it has no value")]
    public async Task A_store_from_which_no_search_can_start_is_named_in_one_line_and_nothing_is_changed(string store, string wanted)
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", Second);
        folder.File("notes.db", "these are someone's notes\n");
        folder.File("empty.db", "");
        Directory.CreateDirectory(folder.File("folder.db"));
        foreach (var name in (string[])["later.db", "unscored.db"]) SqliteTrialStore.OpenOrCreate(folder.File(name)).Dispose();
        using (var later = new SqliteConnection($"Data Source={folder.File("later.db")};Pooling=False"))
        {
            later.Open();
            using var command = later.CreateCommand();
            command.CommandText = "pragma user_version = 99";
            command.ExecuteNonQuery();
        }

        var before = Contents();
        var (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1", "--from", store == " " ? store : folder.File(store));
        Assert.Equal(2, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Contains(wanted, errors, StringComparison.Ordinal);
        Assert.Equal(before, Contents());

        Dictionary<string, string> Contents() => Directory.EnumerateFiles(Path.GetDirectoryName(study)!).ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(File.ReadAllBytes(file)));
    }

    [Theory]
    [InlineData("policy: staged", "--from", "policy: staged")]
    [InlineData("policy: exhaustive, from: [first.db]", null, ":6:")]
    public async Task Another_policy_refuses_earlier_searches(string policy, string? option, string wanted)
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", Second.Replace("policy: joint", policy, StringComparison.Ordinal));
        var (code, _, errors) = await SpindleProcess.Run(null, ["search", study, .. option is null ? (string[])[] : [option, "first.db"]]);
        Assert.Equal(2, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Contains(wanted, errors, StringComparison.Ordinal);
        Assert.Contains("write 'policy: joint'", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("study.db")));
    }

    // as soon as a part of the first rung has been scored
    private static async Task SomeTrials(string file, Process search)
    {
        while (!search.HasExited)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            if (!File.Exists(file) || new FileInfo(file).Length == 0) continue;
            using var store = SqliteTrialStore.Open(file);
            if (store.Trials("rung 1").Count(trial => trial.IsFinished) >= 3) return;
        }
    }

    private static string[] Numbers(string file)
    {
        using var store = SqliteTrialStore.Open(file);
        return
        [
            .. store.Trials().Where(trial => trial.IsFinished).Select(trial => FormattableString.Invariant($"{trial.Spec.Key} {trial.Outcome?.Score:R}")).Order(StringComparer.Ordinal),
            .. store.Stages().Where(stage => stage.Earlier.Count > 0).Select(stage => FormattableString.Invariant($"{stage.Name} {string.Join(' ', stage.Earlier)}")),
            store.Stages().Single(stage => stage.IsFinalComparison).Chosen!,
        ];
    }
}
