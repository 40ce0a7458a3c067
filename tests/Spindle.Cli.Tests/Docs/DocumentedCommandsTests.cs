using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Spindle.Tests;

namespace Spindle.Cli.Tests.Docs;

/// <summary>Every command line in the README files, in <c>docs</c> and in the help is one that the command accepts, and the quick ones are run.</summary>
public partial class DocumentedCommandsTests
{
    private const string RunsAsItStands = "";

    private const string TutorialTraining = "train --task opinions --tasks studies/opinions.tuned/study.yaml --strategies lora "
        + "--options \"{lora: {places: [attention-query, attention-key, attention-value, attention-output, feed-forward-in, feed-forward-out]}}\" --head joint --output runs/opinions";

    private static readonly RootCommand Root = SpindleCommand.Create();

    // what needs the network, or the data of a benchmark, and which test runs the command instead
    private static readonly Dictionary<string, string> ParsedOnly = new(StringComparer.Ordinal)
    {
        ["search studies/glue-minilm.yaml"] = "42 minutes and GLUE; quickstart.yaml runs below, and StudyFilesTests reads the file",
        ["search studies/all-strategies.yaml"] = "fifteen minutes; as above",
        ["search study.yaml"] = "a study of the reader's own; quickstart.yaml runs below",
        ["backbones download roberta-base"] = "the network; the tests of the Hub",
        ["data download glue/rte xsum wmt16/ro-en"] = "the network; DataDownloadTests",
        ["backbones show roberta-base"] = "needs the download; BackbonesTests",
        ["tasks show rte --data glue_data --backbone roberta-base"] = "needs the download; the same with minilm-l6 runs below",
        ["dashboard studies/quickstart.db"] = "runs until it is interrupted; DashboardCommandTests",
        ["dashboard studies/quickstart.db --address 0.0.0.0"] = "as above",
        ["search studies/quickstart.yaml --store \"postgres://spindle@db.example/search?schema=quickstart\" --workers 0"] = "needs a database; SeveralMachinesTests",
        ["worker studies/quickstart.db"] = "waits for a search; SeveralMachinesTests",
        ["worker \"postgres://spindle@db.example/search?schema=quickstart\""] = "as above",
        ["worker \"postgres://spindle@db.example/search?schema=quickstart\" --idle-timeout 1h"] = "as above",
        ["store copy studies/quickstart.db \"postgres://spindle@db.example/search?schema=quickstart\""] = "as above; StoreCopyTests",
        ["store copy \"postgres://spindle@db.example/search?schema=quickstart\" copies/quickstart.db"] = "as above",
        ["predict runs/cola --also runs/mnli --glue-submission submission --data glue_data"] = "GLUE's test rows; GlueSubmissionTests",
    };

    // in this order; the arguments that make a long line short are added to it, or take the place of a value that it names
    private static readonly (string Line, string Changes)[] Runs =
    [
        ("doctor", RunsAsItStands),
        ("backbones list", RunsAsItStands),
        ("tasks show reviews.csv", RunsAsItStands),
        ("tasks show studies/mine.yaml --rows 5", RunsAsItStands),
        ("search studies/quickstart.yaml", "--workers 1"),
        ("search studies/quickstart.yaml --dashboard", "--workers 1"),
        ("report study.db --format markdown", "study.db=studies/quickstart.db"),
        ("report studies/quickstart.db", RunsAsItStands),
        ("report studies/quickstart.db --format markdown --output report.md", RunsAsItStands),
        ("report studies/quickstart.db --format json --output report.json", RunsAsItStands),
        ("report studies/quickstart.db --format csv --output trials.csv", RunsAsItStands),
        ("report studies/quickstart.db --format parquet --output trials.parquet", RunsAsItStands),
        ("report studies/quickstart.db --format html --output report.html", RunsAsItStands),
        ("report studies/quickstart.db --tensorboard runs/search --mlflow mlruns", RunsAsItStands),
        ("tune reviews.csv --target stars --time 20m", "20m=1s --workers 1"),
        ("predict reviews.tuned --input new-reviews.csv", RunsAsItStands),
        ("tune reviews.csv --target stars --head joint --output reviews-joint.tuned", "--time 5s --workers 1"),
        ("export reviews-joint.tuned/best/reviews --format hf-peft --output reviews-peft", RunsAsItStands),
        ("predict studies/reviews.tuned --input new.csv --output labelled.csv", "studies/reviews.tuned=reviews.tuned"),
        // the README and the tutorial
        ("tasks show studies/opinions.csv", RunsAsItStands),
        ("tune studies/opinions.csv --time 2m", "2m=1s --workers 1"),
        ("predict studies/opinions.tuned \"I doubt that the hotel room was comfortable.\" \"The soup was anything but bland.\"", RunsAsItStands),
        ("predict studies/opinions.tuned --input studies/new-opinions.csv", RunsAsItStands),
        ("predict studies/opinions.tuned --input studies/new-opinions.csv --output runs/labelled.csv", RunsAsItStands),
        (TutorialTraining, "--epochs 1 --train-limit 16 --max-length 16"),
        ("export runs/opinions --format hf-peft --output runs/opinions-peft", RunsAsItStands),
        ("compare studies/opinions.tuned/best/opinions runs/opinions", RunsAsItStands),
        ("train --task builtin/similarity --strategies lora,scale-shift --budget 1% --output runs/scale-shift", "--epochs 1 --train-limit 16 --validation-limit 16 --max-length 16"),
        ("export runs/sst2 --format hf-peft --output sst2-peft", RunsAsItStands),
        ("export runs/sst2 --format merged --output sst2-model", RunsAsItStands),
        ("export runs/sst2 --output sst2", RunsAsItStands),
        ("export runs/similarity --format sentence-transformers --output encoder", "runs/similarity=runs/scale-shift"),
        ("import sst2-peft --backbone roberta-base --task sst2 --output runs/again", "roberta-base=minilm-l6"),
        // the examples of docs/reference/cli.md
        ("import sst2-peft --backbone roberta-base --task sst2 --output runs/sst2", "roberta-base=minilm-l6 runs/sst2=runs/imported"),
        ("search studies/quickstart.yaml --workers 2", RunsAsItStands),
        ("transfer studies/quickstart.db --tasks builtin/acceptability --output studies/acceptability.yaml", "studies/quickstart.db=studies/small.db --option lora --workers 1"),
        ("train --task builtin/sentiment --strategies adapter,lora --output runs/sentiment", "--epochs 1 --train-limit 16 --validation-limit 16 --max-length 16"),
        ("evaluate runs/sentiment", RunsAsItStands),
        ("predict runs/sentiment \"A wonderful, moving film.\"", RunsAsItStands),
        ("compare runs/lora runs/adapter", "runs/lora=runs/sst2 runs/adapter=runs/sentiment"),
        ("export runs/sentiment --format hf-peft --output sentiment-peft", "runs/sentiment=runs/sst2"),
        ("design sample --grouping spindle --count 3", RunsAsItStands),
        ("design show design.yaml", RunsAsItStands),
        ("design cost design.yaml --budget 0.5%", RunsAsItStands),
        ("backbones show minilm-l6", RunsAsItStands),
        ("tasks list", RunsAsItStands),
        ("completion bash", RunsAsItStands),
    ];

    [Fact]
    public void Every_documented_line_is_parsed()
    {
        Assert.True(DocumentedLines.OfSpindle.Count >= 15, $"{DocumentedLines.OfSpindle.Count} lines");
        Assert.All(DocumentedLines.OfSpindle, line => Assert.Empty(Root.Parse(Split(line)).Errors));
    }

    [Fact]
    public void Every_example_in_the_help_is_parsed()
    {
        string[] examples = [.. Commands(Root).SelectMany(command => Example().Matches(command.Description ?? "")).Select(match => match.Groups["line"].Value)];
        Assert.True(examples.Length >= 20, $"{examples.Length} examples");
        Assert.All(examples, line => Assert.Empty(Root.Parse(Split(line)).Errors));
    }

    [Fact]
    public void Every_command_and_option_that_a_sentence_names_exists()
    {
        Assert.True(DocumentedLines.Mentions.Count >= 20, $"{DocumentedLines.Mentions.Count} mentions");
        Assert.All(DocumentedLines.Mentions, mention =>
        {
            var words = mention.Split([' ', '[', ']', '|', '='], StringSplitOptions.RemoveEmptyEntries);
            Command command = Root;
            foreach (var word in words)
            {
                if (command.Subcommands.FirstOrDefault(sub => sub.Name == word) is not { } next) break;
                command = next;
            }

            Assert.True(command != Root, $"`spindle {mention}` names no command");
            Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), word => Assert.Contains(word, command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Append("--help")));
        });
    }

    [Fact]
    public void Every_documented_line_is_run_or_says_why_not()
    {
        var known = ParsedOnly.Keys.Concat(Runs.Select(run => run.Line)).Select(Plain);
        Assert.Equal(DocumentedLines.OfSpindle.Select(Plain).Distinct().Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_line_of_another_program_is_one_that_a_check_runs()
    {
        var script = string.Concat(((string[])["build/check-packages.sh", "build/check-site.sh", ".ci/run"]).Select(file => File.ReadAllText(Path.Combine(SharedFiles.Repository, file))));
        // this very test run, and a new program, for which the check has a ready one
        string[] others = ["dotnet test -c Release", "dotnet new console -o program", "cd program", "dotnet add package Spindle"];
        Assert.All(DocumentedLines.OfOthers.Except(others), line => Assert.Contains(string.Join(' ', line.Split(' ').Take(2)), script, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_block_of_code_names_its_language() => Assert.Empty(DocumentedLines.Languages.Except(["sh", "bash", "text", "yaml", "csharp", "xml", "python"]));

    [Fact]
    public void Every_variable_of_the_environment_that_a_page_or_a_build_file_names_is_read_by_code()
    {
        var code = string.Concat(Files("*.cs").Where(file => !file.EndsWith(nameof(DocumentedCommandsTests) + ".cs", StringComparison.Ordinal)).Select(File.ReadAllText));
        string[] others = [.. ((string[])["*.md", "*.props", "*.targets", "*.csproj", "*.sh"]).SelectMany(Files)];
        Assert.True(others.Length > 30, $"{others.Length} files");
        Assert.All(others, file => Assert.All(Variable().Matches(File.ReadAllText(file)), match => Assert.Contains(match.Value, code, StringComparison.Ordinal)));

        static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(SharedFiles.Repository, pattern, SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git"));
    }

    [Fact]
    public void The_page_names_the_commands_that_take_a_file_of_tasks()
    {
        var page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "reference", "tasks.md"));
        var sentence = TakesTasks().Match(page).Groups["commands"].Value;
        var named = Name().Matches(sentence).Select(match => match.Groups["name"].Value);
        var those = Commands(Root).Where(command => command.Options.Any(option => option.Name == "--tasks" && option.Description!.StartsWith("A study file", StringComparison.Ordinal)));
        Assert.Equal(those.Select(command => command.Name).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    // the slowest of all
    [Fact(Explicit = true)]
    public async Task The_documented_lines_run()
    {
        using var folder = new TemporaryFolder();
        await Prepare(folder);
        foreach (var (line, changes) in Runs)
        {
            var (code, output, errors) = await SpindleProcess.RunIn(folder.Path, Changed(Split(line), Split(changes)));
            Assert.True(code == 0, $"spindle {line}: {code}\n{output}\n{errors}");
        }

        Assert.All((string[])["labelled.csv", "runs/labelled.csv", "runs/opinions-peft/adapter_config.json", "studies/quickstart.db", "reviews.tuned/study.yaml", "runs/scale-shift/tuned.json", "sst2-peft/adapter_config.json", "sst2-model/config.json", "sst2/design.yaml", "encoder/head.safetensors", "runs/again/tuned.json", "mlruns/0/meta.yaml"],
            file => Assert.True(File.Exists(folder.File(file)), file));
        Assert.Contains("train: ../reviews.csv", await File.ReadAllTextAsync(folder.File("reviews.tuned/study.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // what the pages assume to be there
    private static async Task Prepare(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.File("studies"));
        var quickstart = await File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "studies", "quickstart.yaml"), TestContext.Current.CancellationToken);
        folder.File("studies/quickstart.yaml", Limit().Replace(quickstart, "${name}: 16").Replace("examples: 30000", "examples: 300", StringComparison.Ordinal));
        var rows = string.Concat(Enumerable.Range(0, 80).Select(row => $"{(row % 2 == 0 ? "a fine film" : "a dull book")} number {row},{row % 2 + 1}\n"));
        folder.File("reviews.csv", "review,stars\n" + rows);
        foreach (var file in (string[])["opinions.csv", "new-opinions.csv"]) File.Copy(Path.Combine(SharedFiles.Repository, "studies", file), folder.File("studies/" + file));
        folder.File("studies/reviews.csv", "review,stars\n" + rows);
        folder.File("studies/mine.yaml", "backbone: minilm-l6\ntasks: [{name: reviews, train: reviews.csv}]\n");
        foreach (var file in (string[])["new-reviews.csv", "new.csv"]) folder.File(file, "review\na fine film number 200\n");
        // a stand-in for a model of SST-2: the same labels
        var (code, _, errors) = await SpindleProcess.RunIn(folder.Path, "train", "--task", "builtin/sentiment", "--head", "joint", "--strategies", "lora", "--epochs", "1", "--train-limit", "16", "--validation-limit", "16", "--output", "runs/sst2");
        Assert.True(code == 0, errors);
        // a comparison that every strategy takes part in, however few rows it trains on
        folder.File("studies/small.yaml", "backbone: minilm-l6\ntasks: [builtin/sentiment]\nspace: {groups: 2, strategies: [bitfit, lora]}\n"
            + "training: {epochs: 1, batch-size: 8, max-length: 16, train-limit: 16, validation-limit: 16}\nsearch: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [untrained]}\n");
        (code, _, errors) = await SpindleProcess.RunIn(folder.Path, "search", "studies/small.yaml", "--workers", "1");
        Assert.True(code == 0, errors);
        (code, var design, errors) = await SpindleProcess.RunIn(folder.Path, "design", "sample", "--grouping", "spindle");
        Assert.True(code == 0, errors);
        folder.File("design.yaml", design);
    }

    // NAME=VALUE replaces an argument; everything else is added
    private static string[] Changed(string[] line, string[] changes)
    {
        var replaced = changes.Where(change => !change.StartsWith("--", StringComparison.Ordinal) && change.Contains('=', StringComparison.Ordinal)).Select(change => change.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        Assert.All(replaced.Keys, name => Assert.Contains(name, line));
        return [.. line.Select(word => replaced.GetValueOrDefault(word, word)), .. changes.Where(change => !replaced.ContainsKey(change.Split('=')[0]))];
    }

    private static string Plain(string line) => string.Join(' ', Split(line));

    private static string[] Split(string line) => [.. CommandLineParser.SplitCommandLine(line)];

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    [GeneratedRegex("^  spindle (?<line>.+)$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex("^(?<commands>.+) take `--tasks FILE`", RegexOptions.Multiline)]
    private static partial Regex TakesTasks();

    [GeneratedRegex("`(?<name>[a-z]+)[^`]*`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bSPINDLE_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("(?<name>train-limit|validation-limit): [0-9]+")]
    private static partial Regex Limit();
}
