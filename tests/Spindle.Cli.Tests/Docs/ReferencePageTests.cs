using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spindle.Tests;

namespace Spindle.Cli.Tests.Docs;

/// <summary><c>docs/reference/cli.md</c> is what the commands say of themselves. With <c>SPINDLE_WRITE_DOCS=1</c> the test writes the page.</summary>
public partial class ReferencePageTests
{
    private static readonly string Page = Path.Combine(SharedFiles.Repository, "docs", "reference", "cli.md");

    [Fact]
    public void The_reference_of_the_commands_is_up_to_date()
    {
        var written = Write(SpindleCommand.Create());
        if (Environment.GetEnvironmentVariable("SPINDLE_WRITE_DOCS") == "1") File.WriteAllText(Page, written);
        Assert.True(written == File.ReadAllText(Page).ReplaceLineEndings("\n"), "docs/reference/cli.md differs from what the commands say; run this test with SPINDLE_WRITE_DOCS=1, and commit the page");
    }

    [Fact]
    public void The_help_of_a_command_with_several_examples_says_examples_and_of_one_example()
    {
        var root = SpindleCommand.Create();
        foreach (var (name, command) in Leaves(root, "spindle").Append(("spindle", root)))
        {
            if (command.Description?.Split("\n\nExample") is not [_, var examples]) continue;
            Assert.True(examples.StartsWith(examples.Split("\n  spindle").Length > 2 ? "s:\n" : ":\n", StringComparison.Ordinal), $"{name}: Example{examples}");
        }
    }

    private static string Write(RootCommand root)
    {
        var page = new StringBuilder("# Commands\n\nThis page is written from the commands' own descriptions by a test (`ReferencePageTests`). With `--help`, each prints the same, and further examples. From a checkout of the repository, `spindle` is `dotnet run -c Release --project src/Spindle.Cli --`.\n");
        page.Append("\nExit codes: 0 done; 1 something failed or is missing (one line says what; where the work can be continued, the same command continues it); 2 wrong usage or bad input, with nothing changed; 130 interrupted, to be resumed.\n");
        page.Append("\n| command | does |\n| --- | --- |\n");
        var leaves = Leaves(root, "spindle").OrderBy(leaf => leaf.Name, StringComparer.Ordinal).ToArray();
        foreach (var (name, command) in leaves) page.Append(CultureInfo.InvariantCulture, $"| [`{name}`](#{name.Replace(' ', '-')}) | {Cell(Summary(command))} |\n");
        foreach (var (name, command) in leaves) Append(page, name, command);
        return page.ToString();
    }

    private static IEnumerable<(string Name, Command Command)> Leaves(Command command, string name)
    {
        if (command.Hidden) return [];
        return command.Subcommands.Count == 0 ? [(name, command)] : command.Subcommands.SelectMany(sub => Leaves(sub, $"{name} {sub.Name}"));
    }

    private static void Append(StringBuilder page, string name, Command command)
    {
        var parts = (command.Description ?? "").Split(["\n\nExample:\n", "\n\nExamples:\n"], StringSplitOptions.None);
        page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n{parts[0]}\n\n```sh\n{(parts.Length > 1 ? parts[1].Split('\n')[0].Trim() : name)}\n```\n");
        var rows = command.Arguments.Where(argument => !argument.Hidden).Select(argument => ($"{argument.Name.ToUpperInvariant()}", argument.Description))
            .Concat(command.Options.Where(option => !option.Hidden && option.Name is not ("--help" or "--version")).Select(option => (Form(option), option.Description))).ToArray();
        if (rows.Length == 0) return;
        page.Append("\n| argument or option | what |\n| --- | --- |\n");
        foreach (var (form, description) in rows) page.Append(CultureInfo.InvariantCulture, $"| `{Cell(form)}` | {Cell(description ?? "")} |\n");
    }

    // the first sentence, up to a colon that only introduces details
    private static string Summary(Command command) => FirstSentence().Match(command.Description ?? "").Value.TrimEnd('.', ':');

    private static string Form(Option option) => option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool)
        ? option.Name
        : $"{option.Name} {(option.HelpName is { } help ? help : option.Name.TrimStart('-').ToUpperInvariant())}";

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"^.+?[.:](?=\s|$)", RegexOptions.Singleline)]
    private static partial Regex FirstSentence();
}
