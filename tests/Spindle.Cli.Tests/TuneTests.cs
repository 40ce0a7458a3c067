using System.Text.Json.Nodes;

namespace Spindle.Cli.Tests;

/// <summary><c>spindle tune</c>: two commands from a file to predictions.</summary>
public class TuneTests
{
    private static readonly string[] Kinds = ["fine", "dull"];

    [Fact]
    public async Task A_file_is_tuned_on_and_its_winner_labels_new_rows()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("films.csv", "body,verdict\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"a {Kinds[row % 2]} film with scene {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        string[] tune = ["tune", rows, "--target", "verdict", "--time", "20s", "--workers", "1"];
        var (code, output, errors) = await SpindleProcess.Run(null, tune);
        Assert.True(code == 0, errors);
        Assert.Contains("films: classification of single texts, one of 2 labels", output, StringComparison.Ordinal);
        Assert.Contains("inferred: the text is column 'body'", output, StringComparison.Ordinal);

        var tuned = folder.File("films.tuned");
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(tuned, "report.json"), TestContext.Current.CancellationToken))!;
        Assert.True((bool)report["complete"]!);
        var winner = (string)report["winner"]!["side"]!;
        Assert.Contains(winner, report["sides"]!.AsArray().Where(side => side!["selection"] is not null).Select(side => (string)side!["side"]!));
        Assert.True(File.Exists(Path.Combine(tuned, "best", "films", "tuned.json")));
        Assert.True(File.Exists(Path.Combine(tuned, "study.yaml")));

        var fresh = folder.File("new.csv", "id,body\n1,a fine film with music\n2,a dull film with music\n");
        (code, output, errors) = await SpindleProcess.Run(null, "predict", tuned, "--input", fresh);
        Assert.True(code == 0, errors);
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);

        // the run's folder says what its task is
        (code, output, errors) = await SpindleProcess.Run(null, "evaluate", tuned);
        Assert.True(code == 0, errors);
        Assert.StartsWith("films: ", output, StringComparison.Ordinal);

        // the same command continues, and other settings do not replace what is there
        (code, _, errors) = await SpindleProcess.Run(null, tune);
        Assert.True(code == 0, errors);
        (code, _, errors) = await SpindleProcess.Run(null, [.. tune, "--seed", "7"]);
        Assert.Equal(2, code);
        Assert.Contains("holds a run with other settings", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(tuned, "best", "films", "tuned.json")));
    }

    [Fact]
    public async Task A_winner_with_a_joint_head_is_exported_for_HF_peft_and_one_without_is_refused_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("films.csv", "body,verdict\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"a {Kinds[row % 2]} film with scene {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        var (code, _, errors) = await SpindleProcess.Run(null, "tune", rows, "--time", "5s", "--workers", "1", "--head", "joint", "--output", folder.File("joint"));
        Assert.True(code == 0, errors);
        (code, _, errors) = await SpindleProcess.Run(null, "export", Best("joint"), "--format", "hf-peft", "--output", folder.File("peft"));
        Assert.True(code == 0, errors);
        Assert.True(File.Exists(Path.Combine(folder.File("peft"), "adapter_config.json")));

        (code, _, errors) = await SpindleProcess.Run(null, "tune", rows, "--time", "5s", "--workers", "1", "--output", folder.File("default"));
        Assert.True(code == 0, errors);
        (code, _, errors) = await SpindleProcess.Run(null, "export", Best("default"), "--format", "hf-peft", "--output", folder.File("none"));
        Assert.Equal(2, code);
        Assert.Contains("train or tune it again with the head 'joint'", errors, StringComparison.Ordinal);

        string Best(string name) => Path.Combine(folder.File(name), "best", "films");
    }

    [Theory(Explicit = true)]
    [InlineData("SST-2", "classification of single texts, one of 2 labels")]
    [InlineData("sources", "classification of single texts, one of 7 labels")]
    [InlineData("STS-B", "regression")]
    public async Task Real_rows_of_three_kinds_become_predictions_in_two_commands(string name, string inferred)
    {
        using var folder = new TemporaryFolder();
        var (train, rest) = RealTable.Write(folder, name, 400, 40);
        var (code, output, errors) = await SpindleProcess.Run(null, "tune", train, "--time", "40s", "--workers", "1");
        Assert.True(code == 0, errors);
        Assert.Contains(inferred, output, StringComparison.Ordinal);
        Assert.Contains("spindle predict", output, StringComparison.Ordinal);
        var tuned = Path.ChangeExtension(train, ".tuned");
        var winner = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(tuned, "report.json"), TestContext.Current.CancellationToken))!["winner"]!;
        var chance = name switch { "SST-2" => 60, "sources" => 30, _ => 50 };
        Assert.True((double)winner["validation"]! > chance, winner.ToJsonString());
        (code, output, errors) = await SpindleProcess.Run(null, "predict", tuned, "--input", rest);
        Assert.True(code == 0, errors);
        Assert.Equal(40, output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Tune_and_search_refuse_the_models_of_another_study_and_overwrite_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("films.csv", "body,verdict\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"a {Kinds[row % 2]} film with scene {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        string[] small = ["backbone: minilm-l6", "tasks: [builtin/sentiment]", "space: {groups: 1, strategies: [bitfit]}", "training: {epochs: 1, batch-size: 8, train-limit: 16, validation-limit: 16}"];
        var study = folder.File("first.yaml", string.Join('\n', [.. small, "search: {policy: exhaustive, samples-per-option: 1, final-epochs: 1, final-seeds: 1}"]));
        var other = folder.File("second.yaml", string.Join('\n', [.. small, "search: {policy: exhaustive, samples-per-option: 1, final-epochs: 1, final-seeds: 1, seed: 9}"]));
        var models = folder.File("models");
        var (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--tuned", models, "--workers", "1");
        Assert.True(code == 0, errors);
        var weights = Path.Combine(models, "bitfit", "builtin-sentiment", "tuned.safetensors");
        var before = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);

        (code, _, errors) = await SpindleProcess.Run(null, "search", other, "--tuned", models, "--workers", "1");
        Assert.Equal(2, code);
        Assert.Contains("holds the models of another study", errors, StringComparison.Ordinal);
        Assert.Contains("--overwrite", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        string[] tune = ["tune", rows, "--time", "5s", "--output", models, "--workers", "1"];
        (code, _, errors) = await SpindleProcess.Run(null, tune);
        Assert.Equal(2, code);
        Assert.Contains("holds the models of a search; name another folder with --output, or replace them with --overwrite", errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(folder.File("second.db")));

        var notes = folder.File(Path.Combine("models", "notes.txt"), "a user's own");
        (code, _, errors) = await SpindleProcess.Run(null, "search", other, "--tuned", models, "--workers", "1", "--overwrite");
        Assert.True(code == 0, errors);
        Assert.NotEqual(before, await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken));
        (code, _, errors) = await SpindleProcess.Run(null, [.. tune, "--overwrite"]);
        Assert.True(code == 0, errors);
        Assert.False(Directory.Exists(Path.Combine(models, "bitfit", "builtin-sentiment")));
        Assert.True(File.Exists(Path.Combine(models, "best", "films", "tuned.json")));
        Assert.True(File.Exists(notes));
    }

    [Theory]
    [InlineData("--time", "soon", "--time: 'soon' is not a duration")]
    [InlineData("--time", "0s", "--time: '0s' is not above zero; a limit must be")]
    [InlineData("--target", "mark", "mark")]
    [InlineData("--text", "a,b,c", "--text: name one column, or the two columns of a pair")]
    public async Task Options_that_do_not_fit_are_refused_and_nothing_is_written(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("films.csv", "body,verdict\na fine film,praise\na dull film,blame\n");
        var (code, _, errors) = await SpindleProcess.Run(null, "tune", rows, option, value);
        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(folder.File("films.tuned")));
    }

    [Fact]
    public async Task Rows_that_cannot_be_used_are_counted_and_the_first_is_named_on_standard_error()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("films.csv", "body,verdict\n" + string.Concat(Enumerable.Range(0, 60).Select(row =>
            $"{(row == 7 ? "" : $"a {Kinds[row % 2]} film with scene {row}")},{(row is 9 or 12 ? "" : row % 2 == 0 ? "praise" : "blame")}\n")));
        var validation = folder.File("more.csv", "body,verdict\na fine film,praise\na dull film,blame\nan odd film,neither\n,praise\n");
        var (code, _, errors) = await SpindleProcess.Run(null, "tune", rows, "--target", "verdict", "--text", "body", "--validation", validation, "--time", "4s", "--workers", "1");
        Assert.True(code == 0, errors);
        Assert.Contains($"warning: films: train: 3 rows are skipped (unknown-label 2, empty-text 1), the first at {rows}:9: a sentence is empty\n", errors, StringComparison.Ordinal);
        Assert.Contains($"warning: films: validation: 2 rows are skipped (unknown-label 1, empty-text 1), the first at {validation}:4: 'neither' is not a label\n", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--backbone", "nowhere")]
    [InlineData("--budget", "1")]
    public async Task A_refused_study_leaves_no_folder_behind_and_replaces_nothing(string option, string value)
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("films.csv", "body,verdict\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"a {Kinds[row % 2]} film with scene {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        var output = folder.File(Path.Combine("runs", "films"));
        string[] tune = ["tune", rows, "--target", "verdict", "--workers", "1", "--output", output, option, value];
        var (code, _, errors) = await SpindleProcess.Run(null, tune);
        Assert.Equal(2, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Equal([rows], Directory.EnumerateFileSystemEntries(folder.Path));

        Directory.CreateDirectory(Path.Combine(output, "best", "films"));
        string[] earlier = [Path.Combine(output, "best", "films", "tuned.json"), Path.Combine(output, "search.json"), Path.Combine(output, "study.db"), Path.Combine(output, "study.yaml")];
        foreach (var file in earlier) await File.WriteAllTextAsync(file, file, TestContext.Current.CancellationToken);
        (code, _, errors) = await SpindleProcess.Run(null, [.. tune, "--overwrite"]);
        Assert.Equal(2, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Equal(earlier, Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.All(earlier, file => Assert.Equal(file, File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("films.csv", "", "the file is empty; a table needs a header line and at least one row")]
    [InlineData("films.csv", "body,verdict\n", "has no rows; a table needs a header line and at least one row")]
    [InlineData("films.jsonl", "", "the file is empty; a table needs at least one row")]
    public async Task A_file_without_rows_is_refused_with_what_a_table_needs(string name, string content, string message)
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File(name, content);
        var (code, _, errors) = await SpindleProcess.Run(null, "tune", rows);
        Assert.Equal((2, $"spindle: {rows}: {message}\n"), (code, errors));
        Assert.Equal([rows], Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
