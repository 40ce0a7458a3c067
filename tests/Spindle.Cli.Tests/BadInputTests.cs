namespace Spindle.Cli.Tests;

public class BadInputTests
{
    private const string Study = "backbone: minilm-l6\ntasks: [builtin/sentiment]\n";

    [Theory]
    [InlineData("serch")]
    [InlineData("search")]
    [InlineData("train", "--task", "builtin/sentiment", "--output", "unused", "--epochs", "0")]
    [InlineData("train", "--task", "builtin/sentiment", "--output", "unused", "--epochs", "many")]
    [InlineData("train", "--task", "no-such-task", "--output", "unused")]
    [InlineData("train", "--task", "builtin/sentiment", "--output", "unused", "--strategies", "lorra")]
    [InlineData("train", "--task", "builtin/sentiment", "--output", "unused", "--budget", "nothing")]
    [InlineData("train", "--task", "builtin/sentiment", "--output", "unused", "--backbone", "no-such-backbone")]
    [InlineData("train", "--task", "sst2", "--output", "unused")]
    [InlineData("train", "--task", "sst2", "--output", "unused", "--data", "no-such-folder")]
    [InlineData("train", "--task", "builtin/sentiment", "--output", "unused", "--budget", "10")]
    [InlineData("evaluate", "no-such-folder")]
    [InlineData("predict", "no-such-folder", "text")]
    [InlineData("export", "no-such-folder", "--output", "unused")]
    [InlineData("export", "no-such-folder", "--format", "onnx", "--output", "unused")]
    [InlineData("import", "no-such-folder", "--backbone", "minilm-l6", "--output", "unused")]
    [InlineData("import", "no-such-folder", "--output", "unused")]
    [InlineData("report", "no-such-store.db")]
    [InlineData("dashboard", "no-such-store.db")]
    [InlineData("dashboard")]
    [InlineData("dashboard", "no-such-store.db", "--address", "nowhere")]
    [InlineData("dashboard", "no-such-store.db", "--token", "short")]
    [InlineData("dashboard", "no-such-store.db", "--port", "70000")]
    [InlineData("design", "show", "no-such-file.yaml")]
    [InlineData("design", "sample", "--groups", "7")]
    public async Task What_is_wrong_is_said_in_one_line_with_exit_code_2(params string[] arguments)
    {
        var (code, _, errors) = await SpindleProcess.Run(null, arguments);
        Assert.Equal(2, code);
        AssertOneLine(errors);
    }

    [Fact]
    public async Task An_option_that_does_not_exist_is_named_not_its_value()
    {
        var (code, _, errors) = await SpindleProcess.Run(null, "train", "--task", "builtin/sentiment", "--budgett", "3%");
        Assert.Equal(2, code);
        AssertOneLine(errors);
        Assert.Contains("'--budgett'", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'serch'", "serch", "e.yaml")]
    [InlineData("'--workres'", "search", "e.yaml", "--workres", "2")]
    [InlineData("'--workres'", "search", "--workres", "2", "e.yaml")]
    [InlineData("'lst'", "tasks", "lst", "now")]
    [InlineData("--workers", "search", "e.yaml", "--workers", "two")]
    public async Task The_word_that_is_wrong_is_named(string wrong, params string[] arguments)
    {
        var (code, _, errors) = await SpindleProcess.Run(null, arguments);
        Assert.Equal(2, code);
        AssertOneLine(errors);
        Assert.Contains(wrong, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "--task", "mine", "--output", "unused")]
    [InlineData("train", "--task", "builtin/sentimental", "--output", "unused")]
    public async Task A_task_that_is_not_known_may_be_one_that_a_study_describes(params string[] arguments)
    {
        var (code, _, errors) = await SpindleProcess.Run(null, arguments);
        Assert.Equal(2, code);
        AssertOneLine(errors);
        Assert.Contains("name the study file that describes it with --tasks", errors, StringComparison.Ordinal);
        (_, _, errors) = await SpindleProcess.Run(null, "tasks", "show", "mine");
        Assert.DoesNotContain("--tasks", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_trials_than_a_store_should_hold_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        foreach (var policy in (string[])["exhaustive", "staged", "successive-halving", "joint"])
        {
            var study = folder.File("study.yaml", Study + $"search: {{policy: {policy}, samples-per-option: 1000000}}\n");
            var (code, _, errors) = await SpindleProcess.Run(null, "search", study);
            Assert.Equal(2, code);
            AssertOneLine(errors);
            Assert.Contains("lower 'samples-per-option'", errors, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.File("study.db")));
        }
    }

    [Theory]
    [InlineData("backbone: minilm-l6\ntasks: [builtin/sentiment]\ntraining: {batchsize: 8}\n", ":3:", "batch-size")]
    [InlineData("backbone: minilm-l6\ntasks: [builtin/sentiment]\nbudget: 500%\n", ":3:", "budget")]
    [InlineData("backbone: minilm-l6\ntasks: [builtin/sentiment]\nspace: {strategies: [adaptor]}\n", ":3:", "adapter")]
    [InlineData("backbone: minilm-l6\n", ":1:", "tasks")]
    [InlineData("backbone: minilm-l6\ntasks: [builtin/sentimental]\n", ":2:9:", "did you mean 'builtin/sentiment'")]
    [InlineData("backbone: minilm-l6\ntasks: [builtin/sentiment]\nspace: {groups: 9}\n", "6 layers", "groups")]
    [InlineData("backbone: minilm-l6\ntasks: [builtin/sentiment]\nbudget: 10\n", "fits the budget of 10", "raise 'budget'")]
    public async Task A_wrong_study_names_its_place_and_the_remedy_and_leaves_no_store(string text, params string[] wanted)
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", text);
        var (code, _, errors) = await SpindleProcess.Run(null, "search", study);
        Assert.Equal(2, code);
        AssertOneLine(errors);
        Assert.All(wanted, part => Assert.Contains(part, errors, StringComparison.Ordinal));
        Assert.False(File.Exists(folder.File("study.db")));
    }

    [Fact]
    public async Task A_file_that_is_not_a_store_is_left_unchanged()
    {
        using var folder = new TemporaryFolder();
        var (study, store) = (folder.File("study.yaml", Study), folder.File("study.db", "these are someone's notes\n"));
        foreach (var arguments in (string[][])[["search", study], ["report", store]])
        {
            var (code, _, errors) = await SpindleProcess.Run(null, arguments);
            Assert.Equal(2, code);
            AssertOneLine(errors);
        }
        Assert.Equal("these are someone's notes\n", await File.ReadAllTextAsync(store, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("/proc")]
    [InlineData("/sys")]
    public async Task An_output_that_cannot_be_written_is_bad_input_before_anything_is_trained(string unwritable)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the paths are Linux's");
        using var folder = new TemporaryFolder();
        folder.File("notes.txt", "a file, not a folder");
        var (study, output) = (folder.File("study.yaml", Study), System.IO.Path.Combine(folder.Path, unwritable, "spindle"));
        foreach (var arguments in (string[][])[["search", study, "--store", System.IO.Path.Combine(output, "study.db")], ["search", study, "--tuned", output], ["train", "--task", "builtin/sentiment", "--output", output]])
        {
            var (code, _, errors) = await SpindleProcess.Run(null, arguments);
            Assert.True(code == 2, errors);
            AssertOneLine(errors);
            Assert.Contains("spindle", errors["spindle: ".Length..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_path_that_cannot_be_is_explained_in_plain_words()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the paths are Linux's");
        using var folder = new TemporaryFolder();
        var (study, file) = (folder.File("study.yaml", Study), folder.File("afile", "x"));
        Directory.CreateDirectory(folder.File("dir"));
        string[] train = ["train", "--task", "builtin/sentiment", "--output"];
        foreach (var (wanted, arguments) in ((string, string[])[])
        [
            ("'afile' is a file, not a folder; name another path", ["search", study, "--tuned", folder.File("afile/x")]),
            ("afile: is a file; name a folder", ["search", study, "--tuned", file]),
            ("/proc/x.db: cannot be opened for writing; check the folder and its permissions", ["search", study, "--store", "/proc/x.db", "--tuned", folder.File("t")]),
            ("/proc/x.tuned: is not there and cannot be created; name another path", ["search", study, "--store", "/proc/x.db"]),
            ("dir: is a folder; name a file", ["search", study, "--store", folder.File("dir")]),
            ("dir: is a folder; name a file", ["report", folder.File("dir")]),
            ("/proc/x: is not there and cannot be created; name another path", [.. train, "/proc/x"]),
            ("'afile' is a file, not a folder; name another path", [.. train, folder.File("afile/x")]),
            ("afile: is a file; name a folder", [.. train, file]),
        ])
        {
            var (code, _, errors) = await SpindleProcess.Run(null, arguments);
            Assert.True(code == 2, errors);
            AssertOneLine(errors);
            Assert.Contains(wanted, errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_study_with_an_unknown_task_says_that_it_can_describe_one()
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = await SpindleProcess.Run(null, "search", folder.File("study.yaml", "backbone: minilm-l6\ntasks: [mytask]\n"));
        Assert.Equal(2, code);
        AssertOneLine(errors);
        Assert.Contains("study.yaml:2:9: ", errors, StringComparison.Ordinal);
        Assert.Contains("describe a task of your own in its place: '{name: mine, train: ROWS.csv}'", errors, StringComparison.Ordinal);
    }

    private static void AssertOneLine(string errors)
    {
        Assert.StartsWith("spindle: ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
