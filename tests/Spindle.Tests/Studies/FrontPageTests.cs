using System.Text.RegularExpressions;

namespace Spindle.Tests.Studies;

/// <summary>What the README shows of a study is the file that it names.</summary>
public partial class FrontPageTests
{
    [Fact]
    public void The_study_on_the_front_page_is_the_file_that_it_names()
    {
        var page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "README.md")).ReplaceLineEndings("\n");
        var shown = Assert.Single(Block().Matches(page));
        var named = Assert.Single(Link().Matches(page[..shown.Index].Split("\n## ")[^1]));
        Assert.Equal(File.ReadAllText(Path.Combine(SharedFiles.Repository, named.Groups["file"].Value)).ReplaceLineEndings("\n"), shown.Groups["study"].Value);
    }

    [GeneratedRegex("^```yaml\n(?<study>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((?<file>studies/[^)]+)\)")]
    private static partial Regex Link();
}
