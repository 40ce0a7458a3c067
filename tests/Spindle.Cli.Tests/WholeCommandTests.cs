using System.Text.Json;

namespace Spindle.Cli.Tests;

/// <summary>The commands on real training, small: search, report, train, evaluate, predict.</summary>
public class WholeCommandTests
{
    private const string Study = """
        study: small
        backbone: minilm-l6
        tasks: [builtin/sentiment, builtin/similarity]
        space: {groups: 2, strategies: [bitfit, lora]}
        training: {epochs: 1, batch-size: 8, precision: auto, train-limit: 16, validation-limit: 16}
        search: {policy: exhaustive, samples-per-option: 1, seed: 7, final-epochs: 1, final-seeds: 2}
        """;

    [Fact]
    public async Task A_search_runs_every_stage_prints_a_report_and_writes_tuned_models()
    {
        using var folder = new TemporaryFolder();
        var search = await SpindleProcess.Run(null, "search", folder.File("study.yaml", Study), "--workers", "2");
        Assert.True(search.Code == 0, search.Errors);

        var report = await SpindleProcess.Run(null, "report", folder.File("study.db"), "--format", "json");
        using var json = JsonDocument.Parse(report.Output);
        var root = json.RootElement;
        Assert.Equal("small", root.GetProperty("study").GetString());
        Assert.Equal(113_566, root.GetProperty("budget").GetInt64());
        Assert.InRange(root.GetProperty("trained").GetInt64(), 1, 113_566);
        string[] stages = [.. root.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("stage").GetString()!)];
        Assert.Equal(["S0", "S1", "S2", "S3", "S4.G1", "S4.G2"], stages);
        foreach (var stage in root.GetProperty("stages").EnumerateArray())
        {
            var options = stage.GetProperty("options").EnumerateArray().Select(option => option.GetProperty("option").GetString());
            Assert.Contains(stage.GetProperty("chosen").GetString(), options);
        }
        string[] baselines = [.. root.GetProperty("baselines").EnumerateArray().Select(baseline => baseline.GetProperty("name").GetString()!)];
        Assert.Equal(["bitfit", "lora", "full", "untrained"], baselines);
        Assert.Equal(16 * (root.GetProperty("trials").GetInt64() - 4), root.GetProperty("exampleSteps").GetInt64()); // two seeds of the untrained side on two tasks

        var output = folder.File("report.md");
        Assert.Equal(0, (await SpindleProcess.Run(null, "report", folder.File("study.db"), "--format", "markdown", "--output", output)).Code);
        Assert.Contains("small", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        foreach (var task in (string[])["builtin-sentiment", "builtin-similarity"])
        {
            var evaluate = await SpindleProcess.Run(null, "evaluate", Path.Combine(folder.Path, "study.tuned", "best", task), "--format", "json");
            Assert.True(evaluate.Code == 0, evaluate.Errors);
            Assert.Contains("\"rows\":500", evaluate.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_limit_of_trials_says_at_the_start_what_fits_and_at_the_end_what_was_left_out()
    {
        using var folder = new TemporaryFolder();
        var study = Study.Replace("[builtin/sentiment, builtin/similarity]", "[builtin/sentiment]", StringComparison.Ordinal).Replace("samples-per-option: 1", "samples-per-option: 9, trials: 40, baselines: [full]", StringComparison.Ordinal);
        var search = await SpindleProcess.Run(null, "search", folder.File("study.yaml", study), "--workers", "1");
        Assert.True(search.Code == 0, search.Errors);
        Assert.Matches("parameters.*, at most 40 trials and [0-9,]+ rows to train on\nthe limit of 40 trials allows about 2 of 9 designs per option, 1 of 1 epochs and all training rows; what a stage leaves goes to the next ones\n", search.Output);
        Assert.Matches("\nwarning: the limit of 40 trials allows 2 of 9 designs per option, 1 of 1 epochs and all training rows from S0 on\n", search.Output);
        var report = await SpindleProcess.Run(null, "report", folder.File("study.db"), "--format", "json");
        using var json = JsonDocument.Parse(report.Output);
        Assert.InRange(json.RootElement.GetProperty("trials").GetInt64(), 20, 40);

        var low = await SpindleProcess.Run(null, "search", folder.File("low.yaml", study.Replace("trials: 40", "trials: 5", StringComparison.Ordinal)));
        Assert.Equal(2, low.Code);
        Assert.Matches("^spindle: study small: the limit of 5 trials is too low for policy 'exhaustive'.*raise it, or write 'policy: joint'\n$", low.Errors);
        Assert.False(File.Exists(folder.File("low.db")));
    }

    [Fact]
    public async Task Scores_survive_a_folder_that_cannot_be_written_and_the_same_command_writes_the_weights()
    {
        using var folder = new TemporaryFolder();
        string[] search = ["search", folder.File("study.yaml", """
            study: small
            backbone: minilm-l6
            tasks: [builtin/sentiment]
            space: {groups: 1, strategies: [bitfit]}
            training: {epochs: 1, batch-size: 8, train-limit: 16, validation-limit: 16}
            search: {policy: exhaustive, samples-per-option: 1, seed: 7, final-epochs: 1, final-seeds: 1}
            """), "--workers", "1"];
        // a file where the folder of the trials' weights must go
        Directory.CreateDirectory(folder.File("study.tuned"));
        var obstacle = folder.File(Path.Combine("study.tuned", ".trials"), "");
        var (code, _, errors) = await SpindleProcess.Run(null, search);
        Assert.Equal(1, code);
        Assert.Contains("could not be written", errors, StringComparison.Ordinal);
        Assert.Contains("run the same command again", errors, StringComparison.Ordinal);
        var before = await Scores();

        File.Delete(obstacle);
        (code, _, errors) = await SpindleProcess.Run(null, search);
        Assert.True(code == 0, errors);
        Assert.Equal(before, await Scores());
        var predict = await SpindleProcess.Run(null, "predict", folder.File("study.tuned"), "A wonderful, moving film.");
        Assert.True(predict.Code == 0, predict.Errors);

        async Task<string> Scores()
        {
            var report = await SpindleProcess.Run(null, "report", folder.File("study.db"), "--format", "json");
            using var json = JsonDocument.Parse(report.Output);
            return json.RootElement.GetProperty("sides").ToString();
        }
    }

    [Fact]
    public async Task The_folder_of_a_search_is_compared_and_exported_as_its_winner()
    {
        using var folder = new TemporaryFolder();
        // labels that are wrong in one row of five, so that sides differ
        folder.File("films.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 60).Select(row =>
            $"a {(row % 2 == 0 ? "fine" : "dull")} film with scene {row},{(row % 2 == 0 ^ row % 5 == 0 ? "praise" : "blame")}\n")));
        var study = folder.File("study.yaml", """
            backbone: minilm-l6
            tasks: [{name: films, train: films.csv, validation: 0.4}]
            space: {groups: 1, strategies: [bitfit, lora]}
            training: {epochs: 1, batch-size: 8, max-length: 16, head-start: random}
            search: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [head]}
            """);
        var search = await SpindleProcess.Run(null, "search", study, "--workers", "1");
        Assert.True(search.Code == 0, search.Errors);
        var (tuned, best) = (folder.File("study.tuned"), folder.File(Path.Combine("study.tuned", "best", "films")));

        // the winner is no better than itself, and the table is that of the models' own folders
        var itself = await SpindleProcess.Run(null, "compare", tuned, best, "--draws", "50");
        Assert.True(itself.Code == 0, itself.Errors);
        Assert.Matches(@"accuracy . (0\.\d+) . \1 . 0\.0000 +. 0\.0000 to 0\.0000", itself.Output);
        string[] sides = ["bitfit", "lora"];
        var others = await Task.WhenAll(sides.Select(side => SpindleProcess.Run(null, "compare", tuned, folder.File(Path.Combine("study.tuned", side)), "--draws", "50")));
        Assert.All(others, other => Assert.True(other.Code == 0, other.Errors));
        Assert.Contains(others, other => other.Output != itself.Output);
        foreach (var (side, other) in sides.Zip(others))
            Assert.Equal((await SpindleProcess.Run(null, "compare", best, folder.File(Path.Combine("study.tuned", side, "films")), "--draws", "50")).Output, other.Output);

        var export = await SpindleProcess.Run(null, "export", tuned, "--output", folder.File("copy"));
        Assert.True(export.Code == 0, export.Errors);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(best, "tuned.safetensors"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(folder.File(Path.Combine("copy", "tuned.safetensors")), TestContext.Current.CancellationToken));
        export = await SpindleProcess.Run(null, "export", tuned, "--format", "sentence-transformers", "--output", folder.File("encoder"));
        Assert.True(export.Code == 0, export.Errors);
        Assert.True(File.Exists(folder.File(Path.Combine("encoder", "modules.json"))));
    }

    [Fact]
    public async Task A_trained_model_scores_and_labels_as_it_did_when_it_was_trained()
    {
        using var folder = new TemporaryFolder();
        var model = folder.File("model");
        var train = await SpindleProcess.Run(null, "train", "--task", "builtin/sentiment", "--strategies", "houlsby,lora", "--options", "{houlsby: {kind: adapter, placement: houlsby}}", "--output", model,
            "--epochs", "1", "--train-limit", "64", "--threads", "1");
        Assert.True(train.Code == 0, train.Errors);
        var evaluate = await SpindleProcess.Run(null, "evaluate", model, "--format", "json");
        using var scores = JsonDocument.Parse(evaluate.Output);
        Assert.Contains($"{scores.RootElement.GetProperty("score").GetDouble():F2} points", train.Output, StringComparison.Ordinal);

        var lines = await SpindleProcess.Run("The film was wonderful.\nThe film was awful.\n", "predict", model, "--format", "json");
        Assert.True(lines.Code == 0, lines.Errors);
        string[] rows = lines.Output.Trim().Split('\n');
        Assert.Equal(2, rows.Length);
        foreach (var row in rows)
        {
            using var prediction = JsonDocument.Parse(row);
            var shares = prediction.RootElement.GetProperty("probabilities").EnumerateObject().ToDictionary(share => share.Name, share => share.Value.GetDouble());
            Assert.Equal(1, shares.Values.Sum(), 1e-9);
            Assert.Equal(shares.MaxBy(share => share.Value).Key, prediction.RootElement.GetProperty("label").GetString());
        }
        var argument = await SpindleProcess.Run(null, "predict", model, "The film was wonderful.", "--format", "json");
        Assert.Equal(JsonDocument.Parse(rows[0]).RootElement.GetProperty("label").GetString(), JsonDocument.Parse(argument.Output).RootElement.GetProperty("label").GetString());
    }

    [Fact]
    public async Task A_model_exported_to_HF_peft_and_imported_again_predicts_the_same()
    {
        // a folder of HF peft names no precision, and is read in float32
        using var folder = new TemporaryFolder();
        var train = await SpindleProcess.Run(null, "train", "--task", "builtin/sentiment", "--strategies", "lora", "--head", "joint", "--output", folder.File("model"),
            "--epochs", "1", "--train-limit", "32", "--validation-limit", "16", "--precision", "float32", "--threads", "1");
        Assert.True(train.Code == 0, train.Errors);
        foreach (var format in (string[])["hf-peft", "merged", "spindle"])
        {
            var export = await SpindleProcess.Run(null, "export", folder.File("model"), "--format", format, "--output", folder.File(format));
            Assert.True(export.Code == 0, export.Errors);
        }
        var import = await SpindleProcess.Run(null, "import", folder.File("hf-peft"), "--backbone", "minilm-l6", "--task", "builtin/sentiment", "--out", folder.File("again"));
        Assert.True(import.Code == 0, import.Errors);
        var labels = new List<string>();
        foreach (var model in (string[])["model", "again", "spindle"]) labels.Add((await SpindleProcess.Run(null, "predict", folder.File(model), "A wonderful, moving film.")).Output);
        Assert.Single(labels.Distinct());
        Assert.Contains("=", labels[0], StringComparison.Ordinal);
        var again = await SpindleProcess.Run(null, "export", folder.File("model"), "--output", folder.File("spindle"));
        Assert.Equal(2, again.Code);
        Assert.Contains("already exists", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_a_users_own_task_keeps_labels_and_pairs_through_HF_peft()
    {
        using var folder = new TemporaryFolder();
        folder.File("rows.csv", "question,answer,verdict\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"is film {row} fine,{(row % 2 == 0 ? "it is fine" : "no it is dull")},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        var study = folder.File("s.yaml", "backbone: minilm-l6\ntasks: [{name: mine, train: rows.csv, validation: 0.3, kind: pair, columns: {first: question, second: answer, label: verdict}}]\n");
        var train = await SpindleProcess.Run(null, "train", "--task", "mine", "--tasks", study, "--strategies", "lora", "--head", "joint", "--output", folder.File("model"), "--epochs", "1", "--batch-size", "8", "--precision", "float32", "--threads", "1");
        Assert.True(train.Code == 0, train.Errors);
        Assert.DoesNotContain("warning", train.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await SpindleProcess.Run(null, "export", folder.File("model"), "--format", "hf-peft", "--output", folder.File("peft"))).Code);
        var import = await SpindleProcess.Run(null, "import", folder.File("peft"), "--backbone", "minilm-l6", "--task", "mine", "--tasks", study, "--output", folder.File("again"));
        Assert.True(import.Code == 0, import.Errors);
        var scores = new List<string>();
        foreach (var model in (string[])["model", "again"])
        {
            var evaluate = await SpindleProcess.Run(null, "evaluate", folder.File(model), "--tasks", study);
            Assert.True(evaluate.Code == 0, evaluate.Errors);
            scores.Add(evaluate.Output);
        }
        Assert.Single(scores.Distinct());
        var unnamed = await SpindleProcess.Run(null, "import", folder.File("peft"), "--backbone", "minilm-l6", "--tasks", study, "--output", folder.File("other"));
        Assert.Equal(2, unnamed.Code);
        Assert.Contains("--task", unnamed.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("other")));
    }

    [Fact]
    public async Task Train_warns_of_a_head_that_HF_transformers_does_not_have_and_refuses_sequences_that_are_too_short()
    {
        using var folder = new TemporaryFolder();
        string[] train = ["train", "--task", "builtin/sentiment", "--strategies", "bitfit", "--output", folder.File("model"), "--epochs", "1", "--train-limit", "16", "--validation-limit", "16"];
        foreach (var (length, head, shortest) in ((string, string, string)[])[("1", "joint", "from 2"), ("2", "joint", "at least 3 tokens"), ("2", "sentence-encoder", "at least 3 tokens")])
        {
            var refused = await SpindleProcess.Run(null, [.. train, "--max-length", length, "--head", head]);
            Assert.Equal(2, refused.Code);
            Assert.Contains(shortest, refused.Errors, StringComparison.Ordinal);
            Assert.Single(refused.Errors.TrimEnd().Split('\n'));
            Assert.False(Directory.Exists(folder.File("model")));
        }

        var trained = await SpindleProcess.Run(null, [.. train, "--max-length", "3"]);
        Assert.True(trained.Code == 0, trained.Errors);
        Assert.Contains("no class of HF transformers has the head 'sentence-encoder'", trained.Errors, StringComparison.Ordinal);
        var predict = await SpindleProcess.Run(null, "predict", folder.File("model"), "A wonderful, moving film.");
        Assert.True(predict.Code == 0, predict.Errors);
    }

    [Fact]
    public async Task Patterns_of_drawn_designs_are_spelt_as_in_design_files()
    {
        var everyLayer = await SpindleProcess.Run(null, "design", "sample", "--grouping", "every-layer");
        Assert.StartsWith("grouping: every-layer", everyLayer.Output, StringComparison.Ordinal);
        Assert.Contains("every-layer|", (await SpindleProcess.Run(null, "design", "sample", "--help")).Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drawn_designs_can_be_shown_and_costed()
    {
        using var folder = new TemporaryFolder();
        var sample = await SpindleProcess.Run(null, "design", "sample", "--grouping", "bottleneck", "--seed", "3");
        var file = folder.File("design.yaml", sample.Output);
        Assert.Contains("bottleneck [2, 1, 1, 2]", (await SpindleProcess.Run(null, "design", "show", file)).Output, StringComparison.Ordinal);
        Assert.Contains("of 113,566 parameters", (await SpindleProcess.Run(null, "design", "cost", file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_names_processor_libtorch_and_backbone()
    {
        var doctor = await SpindleProcess.Run(null, "doctor");
        Assert.True(doctor.Code == 0, doctor.Errors);
        Assert.All((string[])["processor", "libtorch", "minilm-l6", "nothing is missing"], part => Assert.Contains(part, doctor.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("search")]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("export")]
    [InlineData("import")]
    [InlineData("report")]
    public async Task Help_has_an_example(string command) =>
        Assert.Contains("Example", (await SpindleProcess.Run(null, command, "--help")).Output, StringComparison.Ordinal);
}
