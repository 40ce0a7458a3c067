using System.CommandLine;
using System.Globalization;
using System.Text;
using Spindle.Tests;

namespace Spindle.Cli.Tests.Docs;

/// <summary><c>docs/cli.md</c> is what the commands say of themselves. With <c>SPINDLE_WRITE_DOCS=1</c> the test writes the page.</summary>
public class ReferencePageTests
{
    private static readonly string Page = Path.Combine(SharedFiles.Repository, "docs", "cli.md");

    [Fact]
    public void The_reference_of_the_commands_is_up_to_date()
    {
        var written = Write(SpindleCommand.Create());
        if (Environment.GetEnvironmentVariable("SPINDLE_WRITE_DOCS") == "1") File.WriteAllText(Page, written);
        Assert.True(written == File.ReadAllText(Page).ReplaceLineEndings("\n"), "docs/cli.md differs from what the commands say; run this test with SPINDLE_WRITE_DOCS=1, and commit the page");
    }

    private static string Write(RootCommand root)
    {
        var page = new StringBuilder("# Commands\n\nThis page is written from the commands' own descriptions by a test (`ReferencePageTests`). With `--help`, each prints the same, and further examples. [README](../README.md#commands-and-library) has them in the order in which they are used.\n");
        foreach (var (name, command) in Leaves(root, "spindle").OrderBy(leaf => leaf.Name, StringComparer.Ordinal)) Append(page, name, command);
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

    private static string Form(Option option) => option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool)
        ? option.Name
        : $"{option.Name} {(option.HelpName is { } help ? help : option.Name.TrimStart('-').ToUpperInvariant())}";

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
