using System.Text.RegularExpressions;
using Spindle.Tests;

namespace Spindle.Cli.Tests.Docs;

/// <summary>The command lines in the README files and in <c>docs</c>.</summary>
internal static partial class DocumentedLines
{
    private const string FromSource = "dotnet run -c Release --project src/Spindle.Cli -- ";

    // the languages of fences that hold command lines
    private static readonly string[] Shells = ["sh", "bash", "console"];

    /// <summary>Every page that users read.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. ((string[])["docs", "src", "benchmarks"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SharedFiles.Repository, folder), "*.md", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Append(Path.Combine(SharedFiles.Repository, "README.md")).Order(StringComparer.Ordinal),
    ];

    /// <summary>Every line of a fenced block of a shell, without its comment.</summary>
    public static IReadOnlyList<string> Fenced { get; } =
    [
        .. Pages.SelectMany(page => Fence().Matches(File.ReadAllText(page).ReplaceLineEndings("\n")))
            .Where(fence => Shells.Contains(fence.Groups["language"].Value))
            .SelectMany(fence => fence.Groups["lines"].Value.Split('\n'))
            .Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0),
    ];

    /// <summary>The fenced lines that run this command, without its name.</summary>
    public static IReadOnlyList<string> OfSpindle { get; } = [.. Fenced.Select(Arguments).OfType<string>().Distinct()];

    /// <summary>The other fenced lines.</summary>
    public static IReadOnlyList<string> OfOthers { get; } = [.. Fenced.Where(line => Arguments(line) is null).Distinct()];

    /// <summary>Every <c>`spindle …`</c> within a sentence or a table, without the command's name.</summary>
    public static IReadOnlyList<string> Mentions { get; } =
    [
        .. Pages.SelectMany(page => Mention().Matches(File.ReadAllText(page))).Select(match => match.Groups["words"].Value.Replace(@"\|", "|", StringComparison.Ordinal)).Distinct(),
    ];

    /// <summary>The languages of all fences.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. Pages.SelectMany(page => Fence().Matches(File.ReadAllText(page).ReplaceLineEndings("\n"))).Select(fence => fence.Groups["language"].Value).Distinct()];

    private static string? Arguments(string line) =>
        ((string[])["spindle ", "spindle/spindle ", FromSource]).FirstOrDefault(start => line.StartsWith(start, StringComparison.Ordinal)) is { } name ? line[name.Length..] : null;

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<lines>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("`spindle (?<words>[^`]+)`")]
    private static partial Regex Mention();
}
