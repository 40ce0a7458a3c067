using System.Globalization;
using Spindle.Search.Execution;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Tests.Studies;

/// <summary>What <c>docs/reference/study.md</c> says about training settings is what their definitions say.</summary>
public class StudyPageTests
{
    [Fact]
    public void The_page_lists_every_training_setting_with_its_default()
    {
        var lines = File.ReadAllLines(Path.Combine(SharedFiles.Repository, "docs", "reference", "study.md"));
        var rows = lines.SkipWhile(line => !line.StartsWith("## `training`", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2].Trim('`'), StringComparer.Ordinal);
        // the one key that is not a setting of a training
        Assert.True(rows.Remove("default-learning-rate"));
        Assert.Equal(SettingDefinition.All.Select(setting => setting.Name).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(SettingDefinition.All, setting => Assert.Equal(setting.Default switch
        {
            null => null,
            string name => name,
            bool flag => flag ? "true" : "false",
            var number => Convert.ToDouble(number, CultureInfo.InvariantCulture),
        }, Read(rows[setting.Name])));

        // where there is no default, the page says in words what then holds
        static object? Read(string text) => text is "all" or "by the rows" or "none" or "off" or "the checkpoint's" or "the strategies'" ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text;
    }

    // two floors that do not know each other: a search writes the folder, and training reads it
    [Fact]
    public void A_search_and_the_readers_of_its_folder_agree_on_the_name_of_the_winners() => Assert.Equal(TrialWeights.Best, TunedFolder.Best);
}
