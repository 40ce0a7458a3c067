using Spindle.Cli.Commands;
using Spindle.Search.Storage;
using Spindle.Search.Studies;

namespace Spindle.Cli.Tests;

/// <summary>With what a dashboard starts a search again.</summary>
public class SearchStarterTests
{
    [Theory]
    [InlineData("spindle search study.yaml --time 1h30m --workers 2", "1h30m")]
    [InlineData("spindle search study.yaml --time=20m", "20m")]
    [InlineData("spindle search 'my study.yaml' --time '90 s'", "90 s")]
    [InlineData("spindle search study.yaml", null)]
    [InlineData("spindle tune rows.csv --time 20m", null)]
    [InlineData("spindle search study.yaml --time soon", null)]
    [InlineData("spindle search study.yaml --unknown --time 20m", null)]
    [InlineData("", null)]
    public void The_limit_of_the_last_command_is_repeated_and_nothing_that_is_not_one(string command, string? time)
    {
        using var folder = new TemporaryFolder();
        var words = Words(folder, run => run with { Command = command });
        Assert.Equal(["search", "study.yaml", "--store", folder.File("study.db"), .. time is null ? (string[])[] : ["--time", time], "--yes"], words);
    }

    [Fact]
    public void A_search_that_takes_no_limit_gets_none()
    {
        using var folder = new TemporaryFolder();
        Assert.DoesNotContain("--time", Words(folder, run => run with { Command = "spindle search study.yaml --time 20m" }, "staged"));
    }

    [Fact]
    public void The_folder_for_the_models_is_that_of_the_last_run_where_a_search_wrote_to_it()
    {
        using var folder = new TemporaryFolder();
        var models = Directory.CreateDirectory(folder.File("models")).FullName;
        var words = Words(folder, run => run with { TunedFolder = "models" });
        // a store that comes from someone else cannot choose any folder
        Assert.DoesNotContain("--tuned", words);
        File.WriteAllText(Path.Combine(models, "search.json"), "{}");
        words = Words(folder, run => run with { TunedFolder = "models" });
        Assert.Equal(["search", "study.yaml", "--store", folder.File("study.db"), "--tuned", models, "--yes"], words);
    }

    [Fact]
    public void A_command_line_is_read_as_it_was_written() => Gen.String[Gen.Char["a b'\"\\-=/~$*é"], 0, 8].Array[1, 5].Sample(words =>
    {
        // a file name on Windows has no quotes
        string[] written = OperatingSystem.IsWindows() ? [.. words.Select(word => word.Replace("\"", "", StringComparison.Ordinal))] : words;
        Assert.Equal(written, CommandText.Words(CommandText.Of(written)));
    });

    private static IReadOnlyList<string> Words(TemporaryFolder folder, Func<SearchRun, SearchRun> last, string policy = "joint")
    {
        using (var store = SqliteTrialStore.OpenOrCreate(folder.File("study.db")))
            store.Register(new StudyRecord("study", "seed: 1", "tiny", 400_000, 2_000, [new("left", 50)], policy, 4, 1, 1, 1) { Settings = new Dictionary<string, string>(), Runs = [last(new(DateTimeOffset.UtcNow, "1.2.3"))] });
        return SearchStarter.Words("study.yaml", folder.File("study.db"));
    }
}
