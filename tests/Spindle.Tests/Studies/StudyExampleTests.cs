using System.Text.RegularExpressions;

namespace Spindle.Tests.Studies;

/// <summary>The study that <c>docs/reference/study.md</c> shows first is the file that it names.</summary>
public partial class StudyExampleTests
{
    [Fact]
    public void The_study_on_the_page_is_the_file_that_it_names()
    {
        var page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "reference", "study.md")).ReplaceLineEndings("\n");
        var shown = Block().Match(page);
        var named = Assert.Single(Link().Matches(page[..shown.Index].Split("\n## ")[^1]));
        Assert.Equal(File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "reference", named.Groups["file"].Value)).ReplaceLineEndings("\n"), shown.Groups["study"].Value);
    }

    [GeneratedRegex("^```yaml\n(?<study>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((?<file>\.\./\.\./studies/[^)]+)\)")]
    private static partial Regex Link();
}
