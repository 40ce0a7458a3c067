using System.Text.Json.Nodes;
using Spindle.Tests;

namespace Spindle.Cli.Tests;

/// <summary><c>spindle transfer</c>: a found design on other tasks, without a search.</summary>
public class TransferTests
{
    [Fact]
    public async Task A_design_of_a_store_is_compared_on_another_task_and_budget()
    {
        using var folder = new TemporaryFolder();
        var study = Comparison(folder);
        var (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1");
        Assert.True(code == 0, errors);

        // a report never replaces the store, and the page for a browser no file of the user
        foreach (var format in (string[])["csv", "html", "parquet", "json"])
        {
            (code, _, errors) = await SpindleProcess.Run(null, "report", folder.File("first.db"), "--format", format, "--output", folder.File("first.db"));
            Assert.Equal((2, $"spindle: --output {folder.File("first.db")}: is the store itself; name another file"), (code, errors.Trim()));
        }

        await File.WriteAllTextAsync(folder.File("first.report.html"), "mine", TestContext.Current.CancellationToken);
        (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1");
        Assert.True(code == 0, errors);
        Assert.Contains("is another file", errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.File("first.report.html"), TestContext.Current.CancellationToken));

        var other = folder.File("other.yaml");
        string[] transfer = ["transfer", folder.File("first.db"), "--option", "lora", "--tasks", "builtin/similarity", "--budget", "0.3%", "--output", other, "--workers", "1"];
        (code, _, errors) = await SpindleProcess.Run(null, transfer);
        Assert.True(code == 0, errors);
        (code, var json, errors) = await SpindleProcess.Run(null, "report", folder.File("other.db"), "--format", "json");
        Assert.True(code == 0, errors);
        var report = JsonNode.Parse(json)!;
        Assert.True((bool)report["complete"]!);
        Assert.Equal(["bitfit", "lora", "transferred", "untrained"], report["sides"]!.AsArray().Select(side => (string)side!["side"]!));
        Assert.Empty(report["stages"]!.AsArray());
        // the same design as LoRA alone, under the new budget
        Assert.Equal((int)report["sides"]![1]!["trained"]!, (int)report["sides"]![2]!["trained"]!);

        (code, _, errors) = await SpindleProcess.Run(null, transfer);
        Assert.Equal(2, code);
        Assert.Contains("exists; run 'spindle search", errors, StringComparison.Ordinal);
        (code, _, errors) = await SpindleProcess.Run(null, [.. transfer[..3], "nothing", .. transfer[4..8], "--output", folder.File("third.yaml")]);
        Assert.Equal(2, code);
        Assert.Contains("there is no option 'nothing'; the options are bitfit, lora, untrained", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("third.yaml")));

        (code, _, errors) = await SpindleProcess.Run(null, [.. transfer[..4], "--tasks", "sst3,builtin/similarity", "--output", folder.File("third.yaml")]);
        Assert.Equal(2, code);
        Assert.Matches("^spindle: unknown task 'sst3'; the tasks are .*builtin/similarity", Assert.Single(errors.Trim().Split('\n')));
        Assert.False(File.Exists(folder.File("third.yaml")));

        // too few workers are one line of bad input for every command that has workers; a search may wait for those of others
        foreach (var (command, workers, least) in ((string[], int, int)[])[(["search", study], -1, 0), (["tune", study], 0, 1), ([.. transfer[..8], "--output", folder.File("third.yaml")], 0, 1)])
        {
            (code, _, errors) = await SpindleProcess.Run(null, [.. command, "--workers", $"{workers}"]);
            Assert.Equal((2, $"spindle: --workers {workers}: must be at least {least}"), (code, errors.Trim()));
        }

        Assert.False(File.Exists(folder.File("third.yaml")));
    }

    [Fact]
    public async Task A_transferred_study_names_the_same_files_from_its_own_folder()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["a", "b"]) Directory.CreateDirectory(folder.File(name));
        folder.File("a/rows.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{(row % 2 == 0 ? "a fine film" : "a dull book")} number {row},{row % 2}\n")));
        folder.File("a/first.yaml",
            """
            backbone: minilm-l6
            tasks: [{name: mine, train: rows.csv, validation: 0.3}]
            space: {groups: 1, strategies: [bitfit, lora]}
            training: {epochs: 1, batch-size: 8, max-length: 16, train-limit: 16}
            search: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [untrained]}
            """);
        var (code, _, errors) = await SpindleProcess.RunIn(folder.File("a"), "search", "first.yaml", "--workers", "1");
        Assert.True(code == 0, errors);
        (code, _, errors) = await SpindleProcess.RunIn(folder.Path, "transfer", "a/first.db", "--option", "lora", "--tasks", "mine", "--budget", "0.3%", "--output", "b/other.yaml", "--workers", "1");
        Assert.True(code == 0, errors);
        Assert.Contains("train: ../a/rows.csv", await File.ReadAllTextAsync(folder.File("b/other.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_design_is_rescaled_to_another_backbone_and_a_backbone_that_cannot_be_read_leaves_no_study()
    {
        using var folder = new TemporaryFolder();
        var study = Comparison(folder);
        var (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1");
        Assert.True(code == 0, errors);

        // twelve layers of hidden size 32, with the first words of the vocabulary of MPNet
        var tiny = SharedFiles.BesideFixtures("families", "models", "mpnet-tiny");
        var backbone = folder.File("mpnet");
        Directory.CreateDirectory(backbone);
        foreach (var name in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(tiny, name), Path.Combine(backbone, name));
        string[] transfer = ["transfer", folder.File("first.db"), "--option", "lora", "--backbone", backbone, "--budget", "5%", "--output", folder.File("other.yaml"), "--workers", "1"];
        (code, _, errors) = await SpindleProcess.Run(null, transfer);
        Assert.Equal(2, code);
        Assert.Contains("has no vocabulary", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("other.yaml")));

        var words = await File.ReadAllLinesAsync(SharedFiles.BesideFixtures("families", "weights", "mpnet-base", "vocab.txt"), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(backbone, "vocab.txt"), words.Take(511).Append("<mask>"), TestContext.Current.CancellationToken);
        (code, _, errors) = await SpindleProcess.Run(null, transfer);
        Assert.True(code == 0, errors);
        (code, var json, errors) = await SpindleProcess.Run(null, "report", folder.File("other.db"), "--format", "json");
        Assert.True(code == 0, errors);
        var report = JsonNode.Parse(json)!;
        var sides = report["sides"]!.AsArray().ToDictionary(side => (string)side!["side"]!, side => (int)side!["trained"]!);
        Assert.Equal(["bitfit", "lora", "transferred", "untrained"], sides.Keys.Order());
        // as wide as LoRA alone there, which is not as wide as on the backbone it was found on
        Assert.Equal(sides["lora"], sides["transferred"]);
        Assert.InRange(sides["transferred"], 1, (int)report["budget"]!);
    }

    // a comparison that every strategy takes part in
    private static string Comparison(TemporaryFolder folder) => folder.File("first.yaml",
        """
        backbone: minilm-l6
        tasks: [builtin/sentiment]
        space: {groups: 2, strategies: [bitfit, lora]}
        training: {epochs: 1, batch-size: 8, max-length: 16, train-limit: 16, validation-limit: 16}
        search: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [untrained]}
        """);
}
