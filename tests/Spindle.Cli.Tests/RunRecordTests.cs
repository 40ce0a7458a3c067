using System.Text.Json.Nodes;

namespace Spindle.Cli.Tests;

/// <summary>A search records where it ran, and reports say so.</summary>
public class RunRecordTests
{
    [Fact]
    public async Task A_report_names_the_machine_the_versions_and_a_command_that_repeats_the_search()
    {
        using var folder = new TemporaryFolder();
        folder.File("s.yaml", """
            backbone: minilm-l6
            tasks: [builtin/sentiment]
            space: {groups: 1, strategies: [bitfit]}
            training: {epochs: 1, batch-size: 8, max-length: 32, train-limit: 16, validation-limit: 16}
            search: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [], seed: 5}
            """);
        string[] command = ["search", "s.yaml", "--workers", "1", "--store", "a b.db"];
        var (code, output, errors) = await SpindleProcess.RunIn(folder.Path, command);
        Assert.True(code == 0, errors);
        Assert.Contains("To repeat it: spindle search s.yaml --workers 1 --store 'a b.db' (seed 5;", output, StringComparison.Ordinal);
        var (first, text) = await Report();
        var run = Assert.Single(first["runs"]!.AsArray())!;
        Assert.Equal((Environment.ProcessorCount, Environment.Version.ToString(), 1, "cpu"), ((int)run["cores"]!, (string)run["dotNet"]!, (int)run["workers"]!, (string)run["devices"]!));
        Assert.StartsWith("2.", (string)run["libtorch"]!, StringComparison.Ordinal);
        Assert.Equal(typeof(StudySearch).Assembly.GetName().Version!.ToString(3), (string)run["version"]!);
        Assert.InRange((long)run["memory"]!, 1L << 28, 1L << 50);
        Assert.NotNull(run["system"]);
        Assert.Equal("spindle search s.yaml --workers 1 --store 'a b.db'", (string)run["command"]!);
        Assert.Contains("seed: 5", (string)first["studyText"]!, StringComparison.Ordinal);
        Assert.Contains("Run from ", text, StringComparison.Ordinal);

        // the same command from the same place again is the same run; another one is added
        (code, _, errors) = await SpindleProcess.RunIn(folder.Path, command);
        Assert.True(code == 0, errors);
        Assert.Single((await Report()).Json["runs"]!.AsArray());
        (code, _, errors) = await SpindleProcess.RunIn(folder.Path, [.. command, "--quiet"]);
        Assert.True(code == 0, errors);
        Assert.Equal(2, (await Report()).Json["runs"]!.AsArray().Count);

        async Task<(JsonNode Json, string Text)> Report()
        {
            var (_, json, _) = await SpindleProcess.RunIn(folder.Path, "report", "a b.db", "--format", "json");
            var (_, text, _) = await SpindleProcess.RunIn(folder.Path, "report", "a b.db");
            return (JsonNode.Parse(json)!, text);
        }
    }
}
