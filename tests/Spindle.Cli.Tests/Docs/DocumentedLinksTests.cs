using System.Text;
using System.Text.RegularExpressions;
using Spindle.Tests;

namespace Spindle.Cli.Tests.Docs;

/// <summary>Every link within the repository, on every page, leads to a file, and to a heading where it names one.</summary>
public partial class DocumentedLinksTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_to_a_heading()
    {
        var links = DocumentedLines.Pages.SelectMany(page => Links(File.ReadAllText(page)).Select(link => (Page: page, Link: link))).ToArray();
        Assert.True(links.Length > 100, $"{links.Length} links");
        Assert.Equal("", string.Join('\n', links.Select(link => Fault(link.Page, link.Link)).OfType<string>()));
    }

    [Theory]
    [InlineData("no-such-page.md", "leads to no file")]
    [InlineData("README.md#no-such-heading", "has no such heading")]
    [InlineData("docs/reference/study.md#training-how-a-trial-trains", null)]
    [InlineData("docs/reference", null)]
    public void A_broken_link_is_found(string link, string? fault)
    {
        var found = Fault(Path.Combine(SharedFiles.Repository, "README.md"), link);
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_of_a_folder_is_on_its_index()
    {
        string[] folders = ["tutorial", "how-to", "reference", "explanation", "results"];
        Assert.All(folders.Select(folder => Path.Combine(SharedFiles.Repository, "docs", folder)), folder =>
        {
            var linked = Links(File.ReadAllText(Path.Combine(folder, "index.md"))).ToHashSet(StringComparer.Ordinal);
            Assert.Subset(linked, Directory.EnumerateFiles(folder, "*.md").Select(file => Path.GetFileName(file)).Where(file => file != "index.md").ToHashSet(StringComparer.Ordinal));
        });
    }

    private static IEnumerable<string> Links(string page) => Link().Matches(WithoutCode(page)).Select(match => match.Groups["target"].Value).Where(target => !Scheme().IsMatch(target));

    private static string? Fault(string page, string link)
    {
        var name = Path.GetRelativePath(SharedFiles.Repository, page);
        var (path, anchor) = link.Split('#', 2) is [var first, var second] ? (first, second) : (link, null);
        var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        if (!File.Exists(target) && !Directory.Exists(target)) return $"{name}: {link} leads to no file";
        return anchor is null || Anchors(File.ReadAllText(target)).Contains(anchor, StringComparer.Ordinal) ? null : $"{name}: {link} has no such heading";
    }

    // as GitHub names headings
    private static IEnumerable<string> Anchors(string page)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var heading in Heading().Matches(WithoutCode(page)).Select(match => Linked().Replace(match.Groups["text"].Value, "$1").Trim()))
        {
            var name = new StringBuilder();
            foreach (var letter in heading)
            {
                if (char.IsLetterOrDigit(letter) || letter is '-' or '_') name.Append(char.ToLowerInvariant(letter));
                else if (letter == ' ') name.Append('-');
            }

            var count = seen[name.ToString()] = seen.GetValueOrDefault(name.ToString()) + 1;
            yield return count == 1 ? name.ToString() : $"{name}-{count - 1}";
        }
    }

    private static string WithoutCode(string page) => Fence().Replace(page.ReplaceLineEndings("\n"), "");

    [GeneratedRegex("^```.*?^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(\]\(|(?:src|srcset|href)="")(?<target>[^)""\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Linked();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();
}
