using System.Text;
using System.Text.Json.Nodes;
using Spindle.Tests;

namespace Spindle.Cli.Tests;

/// <summary>Tasks of a user's own, from their files to a tuned model.</summary>
public class TasksTests
{
    [Fact]
    public async Task Tasks_are_listed()
    {
        var (code, output, _) = await SpindleProcess.Run(null, "tasks", "list");
        Assert.Equal(0, code);
        Assert.All((string[])["wnli", "xsum", "wmt16/en-ro", "builtin/sentiment", "text-to-text"], part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_shown_as_a_model_sees_it_with_what_is_wrong_in_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("my reviews.csv", "review,stars\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"a fine \u001b[31mday {row},{row % 2}\n")) + "short\n");
        var (code, output, errors) = await SpindleProcess.Run(null, "tasks", "show", file, "--max-length", "6", "--rows", "1");
        Assert.True(code == 0, errors);
        Assert.Contains("myreviews: classification of 0, 1, single texts, scored by accuracy", output, StringComparison.Ordinal);
        Assert.Contains("[CLS] a fine", output, StringComparison.Ordinal);
        Assert.Contains("cut off", output, StringComparison.Ordinal);
        Assert.Contains($"{file}:62: 1 columns, not 2", output, StringComparison.Ordinal);
        Assert.DoesNotContain(output, character => char.IsControl(character) && character is not ('\n' or '\r'));
    }

    [Fact]
    public async Task Texts_are_shown_in_the_tokens_that_are_read_and_written()
    {
        var backbone = SharedFiles.BesideFixtures("models", "g2p-bart", "us");
        using var folder = new TemporaryFolder();
        var study = folder.File("s.yaml", $"backbone: '{backbone}'\ntasks:\n  - name: sounds\n    train: '{folder.File("w.jsonl", Words())}'\n    columns: {{source: word, target: sound}}\n    metric: exact-match\n");
        var (code, output, errors) = await SpindleProcess.Run(null, "tasks", "show", study, "--rows", "1");
        Assert.True(code == 0, errors);
        Assert.Contains("sounds: text-to-text, single texts, scored by exact-match", output, StringComparison.Ordinal);
        Assert.Contains("→ <s>", output, StringComparison.Ordinal);

        static string Words() => string.Concat(Enumerable.Range(0, 50).Select(row => $$"""{"word":"w{{row}}","sound":"w{{row}}"}""" + "\n"));
    }

    [Theory]
    [InlineData("tasks", "show", "no-such-task")]
    [InlineData("tasks", "show", "no-such-file.csv")]
    [InlineData("tasks", "show", "no-such-study.yaml")]
    [InlineData("tasks", "show", "builtin/sentiment", "--max-length", "1")]
    [InlineData("tasks", "show", "builtin/sentiment", "--backbone", "no-such-backbone")]
    public async Task What_cannot_be_shown_is_reported_in_one_line(params string[] arguments)
    {
        var (code, _, errors) = await SpindleProcess.Run(null, arguments);
        Assert.Equal(2, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_file_of_rows_is_labelled_by_a_model_and_by_the_winner_of_a_search()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("rows.csv", "body,verdict\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{(row % 2 == 0 ? "a fine film" : "a dull book")} number {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        var study = folder.File("s.yaml", $"backbone: minilm-l6\ntasks: [{{name: mine, train: '{rows}', validation: 0.3}}]\n");
        var winner = Path.Combine(folder.File("s.tuned"), "best", "mine");
        var (code, _, errors) = await SpindleProcess.Run(null, "train", "--task", "mine", "--tasks", study, "--output", winner, "--epochs", "1", "--batch-size", "8");
        Assert.True(code == 0, errors);

        var input = folder.File("new.csv", "id,body,note\n1,\"a fine film, number 99\",\"says \"\"yes\"\"\"\n2,a dull book,\n");
        var files = new List<string>();
        foreach (var model in (string[])[winner, folder.File("s.tuned"), Path.Combine(folder.File("s.tuned"), "best")])
        {
            var output = folder.File($"out{files.Count}.csv");
            (code, _, errors) = await SpindleProcess.Run(null, "predict", model, "--input", input, "--output", output);
            Assert.True(code == 0, errors);
            files.Add(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        }
        Assert.Single(files.Distinct());
        var lines = files[0].TrimEnd().Split('\n');
        Assert.Equal("id,body,note,prediction,probability", lines[0]);
        Assert.Matches("^1,\"a fine film, number 99\",\"says \"\"yes\"\"\",(praise|blame),[01]\\.[0-9]{4}$", lines[1]);
        Assert.Matches("^2,a dull book,,(praise|blame),[01]\\.[0-9]{4}$", lines[2]);

        (code, var json, errors) = await SpindleProcess.Run(null, "predict", winner, "--input", input, "--format", "json");
        Assert.True(code == 0, errors);
        var (_, text, _) = await SpindleProcess.Run("a fine film, number 99\na dull book\n", "predict", winner, "--format", "json");
        Assert.Equal(text, json);

        (code, _, errors) = await SpindleProcess.Run(null, "predict", winner, "--input", folder.File("other.csv", "id,text\n1,a film\n"));
        Assert.Equal(2, code);
        Assert.Contains("other.csv:1: the header has no column 'body'; it has id, text", errors, StringComparison.Ordinal);
        (code, var named, errors) = await SpindleProcess.Run(null, "predict", winner, "--input", folder.File("other.csv"), "--column", "text");
        Assert.True(code == 0, errors);
        Assert.Single(named.TrimEnd().Split('\n'));
        (code, _, errors) = await SpindleProcess.Run(null, "predict", winner, input);
        Assert.Equal(0, code);
        Assert.Contains("its name was labelled", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("elsewhere/models")]
    public async Task The_models_of_a_search_know_the_users_own_task_wherever_their_folder_is(string? place)
    {
        using var folder = new TemporaryFolder();
        folder.File("rows.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 80).Select(row => $"{(row % 2 == 0 ? "a fine film" : "a dull book")} number {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        // its path starts from the study's folder
        var study = folder.File("s.yaml", "backbone: minilm-l6\ntasks: [{name: mine, train: rows.csv, validation: 0.3}]\nspace: {strategies: [bitfit], groups: 2}\ntraining: {epochs: 1}\n"
            + "search: {policy: comparison, final-seeds: 1, final-epochs: 1, baselines: [untrained]}\n");
        string[] tuned = place is null ? [] : ["--tuned", folder.File(place)];
        var (code, _, errors) = await SpindleProcess.Run(null, ["search", study, "--workers", "1", .. tuned]);
        Assert.True(code == 0, errors);
        var models = folder.File(place ?? "s.tuned");
        foreach (var model in (string[])[models, Path.Combine(models, "bitfit", "mine")])
        {
            (code, var evaluated, errors) = await SpindleProcess.Run(null, "evaluate", model);
            Assert.True(code == 0, errors);
            Assert.Contains(" points on 26 rows", evaluated, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_users_own_task_is_trained_and_evaluated()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("rows.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 80).Select(row => $"{(row % 2 == 0 ? "a fine film" : "a dull book")} number {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        var unlabelled = folder.File("unlabelled.csv", "text\na fine film number 200\na dull book number 201\na dull book number 203\n");
        var study = folder.File("s.yaml", $"backbone: minilm-l6\ntasks:\n  - name: mine\n    train: '{rows}'\n    validation: 0.3\n    test: '{unlabelled}'\n    metric: [accuracy, f1]\n");
        var output = folder.File("tuned");
        var (code, trained, errors) = await SpindleProcess.Run(null, "train", "--task", "mine", "--tasks", study, "--output", output, "--epochs", "1", "--batch-size", "8");
        Assert.True(code == 0, errors);
        Assert.Contains("f1", trained, StringComparison.Ordinal);
        (code, var evaluated, errors) = await SpindleProcess.Run(null, "evaluate", output, "--tasks", study);
        Assert.True(code == 0, errors);
        Assert.Contains(evaluated[..(evaluated.IndexOf(" points", StringComparison.Ordinal) + " points".Length)], trained, StringComparison.Ordinal);
        (code, var compared, errors) = await SpindleProcess.Run(null, "compare", output, output, "--tasks", study, "--draws", "50");
        Assert.True(code == 0, errors);
        Assert.Contains("0.0000 to 0.0000", compared, StringComparison.Ordinal);
        Assert.Contains("1.000", compared, StringComparison.Ordinal);
        (code, var labelled, errors) = await SpindleProcess.Run(null, "predict", output, "--test", "--tasks", study);
        Assert.True(code == 0, errors);
        Assert.Equal(3, labelled.TrimEnd().Split('\n').Length);
        Assert.All(labelled.TrimEnd().Split('\n'), line => Assert.Contains(line.Split('\t')[0], (string[])["praise", "blame"]));
        (code, _, errors) = await SpindleProcess.Run(null, "evaluate", output, "--test", "--tasks", study);
        Assert.Equal(2, code);
        Assert.Contains("spindle predict FOLDER --test", errors, StringComparison.Ordinal);
        folder.File("unlabelled.csv", "text,label\na fine film number 200,praise\na dull book number 201,blame\nsomething else,\n");
        (code, evaluated, errors) = await SpindleProcess.Run(null, "evaluate", output, "--test", "--tasks", study);
        Assert.True(code == 0, errors);
        Assert.Contains("points on 2 rows", evaluated, StringComparison.Ordinal);
        (code, _, errors) = await SpindleProcess.Run(null, "evaluate", output);
        Assert.Equal(2, code);
        Assert.Contains("there is no task 'mine'", errors, StringComparison.Ordinal);
        var turned = folder.File("turned.yaml", $"backbone: minilm-l6\ntasks:\n  - name: mine\n    train: '{rows}'\n    validation: 0.3\n    labels: [praise, blame]\n");
        foreach (var command in (string[][])[["evaluate", output], ["compare", output, output]])
        {
            (code, _, errors) = await SpindleProcess.Run(null, [.. command, "--tasks", turned]);
            Assert.Equal(2, code);
            Assert.Contains("task 'mine': the model was tuned on the labels 'blame', 'praise' of single texts, and the rows are the labels 'praise', 'blame'", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Texts_that_were_written_are_scored_and_the_score_is_signed()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("words.csv", "word,sound\ncat,kæt\ndog,dɔɡ\nsun,sʌn\nred,ɹɛd\nmap,mæp\nbit,bɪt\nlot,lɑt\nhen,hɛn\nsit,sɪt\ncup,kʌp\n");
        var study = folder.File("s.yaml", $"""
            backbone: '{SharedFiles.BesideFixtures("models", "g2p-bart", "us")}'
            tasks:
              - name: sounds
                train: '{rows}'
                validation: 0.3
                columns: {"{"}source: word, target: sound{"}"}
                metric: [exact-match, bleu-none]
            """);
        var output = folder.File("tuned");
        var (code, _, errors) = await SpindleProcess.Run(null, "train", "--task", "sounds", "--tasks", study, "--backbone", SharedFiles.BesideFixtures("models", "g2p-bart", "us"),
            "--output", output, "--epochs", "1");
        Assert.True(code == 0, errors);
        (code, var text, errors) = await SpindleProcess.Run(null, "evaluate", output, "--tasks", study);
        Assert.True(code == 0, errors);
        Assert.Contains("bleu-none: nrefs:1|case:mixed|eff:no|tok:none|smooth:exp|version:2.6.0", text, StringComparison.Ordinal);
        (code, text, errors) = await SpindleProcess.Run(null, "evaluate", output, "--tasks", study, "--format", "json");
        Assert.True(code == 0, errors);
        Assert.StartsWith("nrefs:1|", (string)JsonNode.Parse(text)!["signatures"]!["bleu-none"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_to_GLUE_answers_every_row()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("RTE"));
        var rows = new StringBuilder("index\tsentence1\tsentence2\tlabel\n");
        for (var row = 0; row < 24; row++) rows.Append($"{row}\tA house number {row}.\tIt is {(row % 2 == 0 ? "" : "not ")}a house {row}.\t{(row % 2 == 0 ? "" : "not_")}entailment\n");
        folder.File(Path.Combine("RTE", "train.tsv"), rows.ToString());
        folder.File(Path.Combine("RTE", "dev.tsv"), rows.ToString());
        var (tuned, submission) = (folder.File("tuned"), folder.File("submission"));
        var (code, _, errors) = await SpindleProcess.Run(null, "train", "--task", "rte", "--data", folder.Path, "--output", tuned, "--epochs", "1");
        Assert.True(code == 0, errors);
        Assert.Contains("warning: rte: 24 of 24 training rows are also in the validation rows", errors, StringComparison.Ordinal);

        (code, _, errors) = await SpindleProcess.Run(null, "predict", tuned, "--glue-submission", submission, "--data", folder.Path);
        Assert.Equal((2, false), (code, Directory.Exists(submission)));
        Assert.Contains("test.tsv", errors, StringComparison.Ordinal);

        (code, _, errors) = await SpindleProcess.Run(null, "predict", tuned, "--also", tuned, "--glue-submission", submission, "--data", folder.Path);
        Assert.Equal((2, false), (code, Directory.Exists(submission)));
        Assert.Contains("two models were tuned on task 'rte'", errors, StringComparison.Ordinal);

        folder.File(Path.Combine("RTE", "test.tsv"), "index\tsentence1\tsentence2\n0\tOne.\tTwo.\n5\tThree.\tFour.\n");
        (code, _, errors) = await SpindleProcess.Run(null, "predict", tuned, "--glue-submission", submission, "--data", folder.Path);
        Assert.True(code == 0, errors);
        var lines = await File.ReadAllLinesAsync(Path.Combine(submission, "RTE.tsv"), TestContext.Current.CancellationToken);
        Assert.Equal(["index", "0", "5"], lines.Select(line => line.Split('\t')[0]));
        Assert.All(lines.Skip(1), line => Assert.EndsWith("entailment", line, StringComparison.Ordinal));
    }
}
