using System.Text.RegularExpressions;
using Spindle.Tests;

namespace Spindle.Models.Tests.Tuning;

public partial class AddAStrategyPageTests
{
    [Fact]
    public void The_page_on_adding_a_strategy_prints_a_strategy_as_it_stands()
    {
        var page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "how-to", "add-a-strategy.md"));
        var printed = Block().Matches(page).ToDictionary(match => match.Groups["path"].Value, match => match.Groups["code"].Value);
        var folder = Path.Combine(SharedFiles.Repository, "src", "Spindle.Models", "Tuning", "ScaleShift");
        Assert.Equal(
            Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(path => (Path.GetRelativePath(SharedFiles.Repository, path).Replace('\\', '/'), File.ReadAllText(path))),
            printed.OrderBy(block => block.Key, StringComparer.Ordinal).Select(block => (block.Key, block.Value)));
    }

    [GeneratedRegex("```csharp\n// (?<path>src/\\S+)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
