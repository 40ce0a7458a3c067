using System.Globalization;
using Spindle.Models.Tuning;
using Spindle.Studies;
using Spindle.Training.Settings;

namespace Spindle.Tests.Studies;

public sealed class MeasuredRatesTests
{
    [Fact]
    public void Every_strategy_has_a_measured_rate_and_its_page_says_it()
    {
        Assert.Equal(StrategyRegistry.Default.Costs.Names.Order(), MeasuredRates.All.Keys.Order());
        var rates = File.ReadLines(Path.Combine(SharedFiles.Repository, "docs", "reference", "strategies.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells is [_, ['`', .., '`'], _, _, _, _] && double.TryParse(cells[2], CultureInfo.InvariantCulture, out _))
            .ToDictionary(cells => cells[1].Trim('`'), cells => double.Parse(cells[2], CultureInfo.InvariantCulture));
        foreach (var (strategy, rate) in MeasuredRates.All) Assert.Equal(rate, rates[strategy]);
    }

    [Fact]
    public void A_study_takes_the_measured_rates_by_one_word()
    {
        var study = StudyYaml.Parse("study: s\nbackbone: minilm-l6\ntasks: [builtin/sentiment]\ntraining: {learning-rates: measured}\n", "s.yaml");
        Assert.Equal(MeasuredRates.All, study.Training.LearningRates);
        Assert.Equal(MeasuredRates.All, StudyYaml.Parse(StudyYaml.Write(study), "again.yaml").Training.LearningRates);
    }
}
