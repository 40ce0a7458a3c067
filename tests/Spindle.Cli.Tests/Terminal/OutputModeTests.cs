using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spindle.Search.Storage;
using Spindle.Tests;

namespace Spindle.Cli.Tests.Terminal;

/// <summary><c>--quiet</c>, <c>--verbose</c>, <c>--json</c> and <c>NO_COLOR</c>.</summary>
public partial class OutputModeTests
{
    private const string Study = """
        backbone: minilm-l6
        tasks: [builtin/sentiment]
        space: {groups: 1, strategies: [bitfit, lora]}
        training: {epochs: 1, batch-size: 8, max-length: 32, train-limit: 16, validation-limit: 16}
        search: {policy: comparison, final-epochs: 1, final-seeds: 2, baselines: []}
        """;

    private static readonly string Page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "reference", "json-lines.md"));

    [Fact]
    public async Task With_json_a_search_prints_its_start_progress_every_trial_and_its_result_with_the_documented_keys()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = await SpindleProcess.Run(null, "search", folder.File("s.yaml", Study), "--workers", "1", "--json");
        Assert.True(code == 0, errors);
        Assert.Equal("", errors);
        var events = Events(output);
        Assert.Equal("start", (string)events[0]["event"]!);
        Assert.Equal("result", (string)events[^1]["event"]!);
        Assert.All(events, AssertDocumented);

        using var store = SqliteTrialStore.OpenToRead(folder.File("s.db"));
        Assert.Equal(
            store.Trials().OrderBy(trial => trial.EndOrder).Select(trial => (trial.Id, trial.Spec.Key.Option, trial.Outcome!.Score!.Value, trial.Outcome.Seconds)),
            events.Where(line => (string)line["event"]! == "trial").Select(line => ((long)line["trial"]!, (string)line["option"]!, (double)line["score"]!, (double)line["seconds"]!)));
        Assert.Contains(events, line => (string)line["event"]! == "progress" && (string)line["decision"]! == "the winner of 2 sides is known");
        var winner = (string)events[^1]["winner"]!;
        Assert.Equal(winner, (string)events[^1]["report"]!["winner"]!["side"]!);
        Assert.True(Directory.Exists((string)events[^1]["best"]!));
    }

    [Fact]
    public async Task With_quiet_a_search_prints_the_winner_and_its_folder_in_one_line_and_with_verbose_each_trial()
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("s.yaml", Study);
        var (code, output, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1", "--verbose", "--store", folder.File("verbose.db"));
        Assert.True(code == 0, errors);
        Assert.Contains("the report for a browser is", output, StringComparison.Ordinal);
        using (var store = SqliteTrialStore.OpenToRead(folder.File("verbose.db")))
            Assert.All(store.Trials(), trial => Assert.Contains(FormattableString.Invariant($"trial {trial.Id}: {trial.Spec.Key}: {trial.Points:F2} points in {trial.Outcome!.Seconds:F1} s"), errors, StringComparison.Ordinal));
        Assert.Contains("; uniform 6; uniform; lora", errors, StringComparison.Ordinal);

        (code, output, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1", "--quiet");
        Assert.Equal((0, ""), (code, errors));
        Assert.Matches($@"^(bitfit|lora): \d+\.\d\d points; its models are in {Regex.Escape(Path.Combine(folder.File("s.tuned"), "best"))}\n$", output);
    }

    [Fact]
    public async Task Tune_and_transfer_take_the_same_options()
    {
        using var folder = new TemporaryFolder();
        string[] kinds = ["fine", "dull"];
        var rows = folder.File("films.csv", "body,verdict\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"a {kinds[row % 2]} film with scene {row},{(row % 2 == 0 ? "praise" : "blame")}\n")));
        var (code, output, errors) = await SpindleProcess.Run(null, "tune", rows, "--time", "3s", "--workers", "1", "--json");
        Assert.True(code == 0, errors);
        var events = Events(output);
        Assert.All(events, AssertDocumented);
        Assert.Equal(["task", "start", "progress", "trial", "result"], events.Select(line => (string)line["event"]!).Where(name => name != "warning").Distinct().OrderBy(name => Array.IndexOf(["task", "start", "progress", "trial", "result"], name)));
        Assert.Equal("films", (string)events[0]["task"]!);
        Assert.NotNull((string?)events[^1]["winner"]);

        (code, _, errors) = await SpindleProcess.Run(null, "search", folder.File("s.yaml", Study), "--workers", "1", "--quiet");
        Assert.True(code == 0, errors);
        (code, output, errors) = await SpindleProcess.Run(null, "transfer", folder.File("s.db"), "--option", "lora", "--tasks", "builtin/acceptability", "--output", folder.File("again.yaml"), "--workers", "1", "--quiet");
        Assert.True(code == 0, errors);
        Assert.Contains("its models are in", Assert.Single(output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_evaluate_compare_and_predict_print_a_line_or_objects()
    {
        using var folder = new TemporaryFolder();
        string[] train = ["train", "--task", "builtin/sentiment", "--strategies", "bitfit", "--epochs", "2", "--train-limit", "16", "--validation-limit", "16", "--max-length", "16"];
        var (quiet, json) = (folder.File("quiet"), folder.File("json"));
        Assert.Matches(@"^builtin/sentiment: \d+\.\d\d points; the tuned model is in .*quiet\n$", await Output([.. train, "--output", quiet, "--quiet"]));
        var trained = Events(await Output([.. train, "--output", json, "--seed", "7", "--json"]));
        Assert.All(trained, AssertDocumented);
        Assert.Equal(["progress", "result"], trained.Select(line => (string)line["event"]!).Where(name => name != "warning").Distinct());
        Assert.Equal(trained.Last(line => line["steps"] is not null)["steps"]!.ToJsonString(), trained.Last(line => line["steps"] is not null)["step"]!.ToJsonString());
        Assert.Equal(2, trained[^1]["epochScores"]!.AsArray().Count);
        Assert.Contains("points after epoch 2", await Output([.. train, "--output", folder.File("verbose"), "--verbose"]), StringComparison.Ordinal);
        // an average has one score, that of both epochs of its runs
        var averaged = await Output([.. train, "--output", folder.File("averaged"), "--averaged-runs", "2", "--verbose"]);
        Assert.Contains("points after epoch 2", averaged, StringComparison.Ordinal);
        Assert.DoesNotContain("points after epoch 1", averaged, StringComparison.Ordinal);

        Assert.Matches(@"^builtin/sentiment: \d+\.\d\d points on [\d,]+ rows \(accuracy [\d.]+\)\n$", await Output("evaluate", quiet, "--quiet"));
        var scored = Assert.Single(Events(await Output("evaluate", quiet, "--json")), line => (string)line["event"]! == "result");
        AssertDocumented(scored);
        Assert.InRange((double)scored["score"]!, 0, 100);

        Assert.Matches(@"^builtin/sentiment: accuracy differs by -?[\d.]+ \(-?[\d.]+ to -?[\d.]+\), p = [\d.]+\n$", await Output("compare", quiet, json, "--quiet", "--draws", "100"));
        var compared = Assert.Single(Events(await Output("compare", quiet, json, "--json", "--draws", "100")), line => (string)line["event"]! == "result");
        AssertDocumented(compared);
        var metric = compared["metrics"]![0]!;
        Assert.Equal((double)metric["first"]! - (double)metric["second"]!, (double)metric["difference"]!, 9);

        Assert.NotNull(Assert.Single(Events(await Output("predict", quiet, "a fine film", "--json")))["label"]);
        Assert.Single((await Output("predict", quiet, "a fine film", "--quiet")).TrimEnd().Split('\n'));

        static async Task<string> Output(params string[] arguments)
        {
            var (code, output, errors) = await SpindleProcess.Run(null, arguments);
            Assert.True(code == 0, errors);
            return output;
        }
    }

    [Theory]
    [InlineData("search s.yaml --quiet --json", "--quiet and --json exclude each other")]
    [InlineData("tune rows.csv --json --verbose", "--json and --verbose exclude each other")]
    [InlineData("transfer s.db --output t.yaml --verbose --quiet", "--quiet and --verbose exclude each other")]
    [InlineData("train --task builtin/sentiment --output m --quiet --json --verbose", "--quiet and --json and --verbose exclude each other")]
    [InlineData("evaluate m --quiet --json", "--quiet and --json exclude each other")]
    [InlineData("evaluate m --format json --json", "leave one of them out")]
    [InlineData("compare m n --json --quiet", "--quiet and --json exclude each other")]
    [InlineData("predict m text --quiet --json", "--quiet and --json exclude each other")]
    [InlineData("predict m text --format csv --json", "--json and --format both name the format")]
    public async Task Options_that_exclude_each_other_are_refused_before_anything_is_read_or_written(string line, string says)
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = await SpindleProcess.RunIn(folder.Path, line.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public async Task A_terminal_shows_the_table_of_a_search_and_colours_only_without_NO_COLOR(string? noColour, bool isColoured)
    {
        const string script = "/usr/bin/script";
        Assert.SkipUnless(File.Exists(script), "needs 'script', which runs a command in a terminal");
        using var folder = new TemporaryFolder();
        var spindle = SpindleProcess.Start().FileName;
        var start = new ProcessStartInfo(script, ["-qec", $"stty cols 150 rows 40; '{spindle}' search '{folder.File("s.yaml", Study)}' --workers 1", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm-256color", ["NO_COLOR"] = noColour },
        };
        using var terminal = Process.Start(start)!;
        var shown = await terminal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await terminal.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(terminal.ExitCode == 0, shown);
        Assert.All((string[])["spindle search", "the winner of 2 sides is known", "of 1 workers busy", "rows per second", "time left", "the report for a browser is"], text => Assert.Contains(text, shown, StringComparison.Ordinal));
        Assert.Equal(isColoured, Colour().IsMatch(shown));
    }

    // each key of an event stands in a row of the page that begins with the event
    private static void AssertDocumented(JsonObject line)
    {
        var name = (string)line["event"]!;
        var rows = Page.Split('\n').Where(row => row.StartsWith($"| `{name}` |", StringComparison.Ordinal)).ToArray();
        Assert.True(rows.Any(row => line.All(pair => pair.Key == "event" || row.Contains($"`{pair.Key}`", StringComparison.Ordinal))), $"docs/reference/json-lines.md lacks a key of {line.ToJsonString()}");
    }

    private static JsonObject[] Events(string output) => [.. output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!.AsObject())];

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();
}
