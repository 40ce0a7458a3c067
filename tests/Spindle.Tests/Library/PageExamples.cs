using System.Text.RegularExpressions;

namespace Spindle.Tests.Library;

/// <summary>The code on a page of <c>docs</c>. It also stands in a test, which compiles and runs it.</summary>
internal static partial class PageExamples
{
    /// <summary>Checks that a test's source contains every example of a page, whatever its indentation.</summary>
    /// <param name="page">The page, from the folder docs.</param>
    /// <param name="test">The test's file name in this folder.</param>
    /// <param name="fewest">The number of examples that the page has at least.</param>
    public static void RequireIn(string page, string test, int fewest)
    {
        var source = Lines(File.ReadAllText(Path.Combine(SharedFiles.Repository, "tests", "Spindle.Tests", "Library", test)));
        string[] examples = [.. Example().Matches(File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", page))).Select(match => Lines(match.Groups["code"].Value))];
        Assert.True(examples.Length >= fewest, $"{examples.Length} examples");
        Assert.All(examples, example => Assert.Contains(example, source, StringComparison.Ordinal));
    }

    // lines without their indentation
    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}
