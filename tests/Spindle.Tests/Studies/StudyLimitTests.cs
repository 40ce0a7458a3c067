using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Search.Studies;
using Spindle.Studies;
using Spindle.Yaml;

namespace Spindle.Tests.Studies;

public class StudyLimitTests
{
    private const string Start = "backbone: b\ntasks: [builtin/similarity]\n";

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("90 s", 90)]
    [InlineData("20 min", 1200)]
    [InlineData("20m", 1200)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5 hours", 5400)]
    [InlineData("2 days", 172_800)]
    public void Durations_are_read_as_people_write_them(string text, double seconds) => Assert.Equal(seconds, DurationText.Parse(text).TotalSeconds);

    [Theory]
    [InlineData("", "is not a duration; write it with a unit, such as")]
    [InlineData("20", "is not a duration; write it with a unit, such as")]
    [InlineData("5 parsecs", "is not a duration; write it with a unit, such as")]
    [InlineData("0s", "is not above zero; a limit must be, such as")]
    [InlineData("0h 0.0 min", "is not above zero; a limit must be, such as")]
    [InlineData("-5 min", "is not above zero; a limit must be, such as")]
    [InlineData("999999999 days", "is longer than a year; write a shorter limit, such as")]
    public void A_duration_that_cannot_be_a_limit_is_refused_for_what_is_wrong_with_it(string text, string why) =>
        Assert.StartsWith($"'{text}' {why} '90 s', '20 min'", Assert.Throws<FormatException>(() => DurationText.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_duration_reads_back_as_it_was_written() =>
        Gen.Int[1, 400_000].Sample(seconds => DurationText.Parse(DurationText.Format(TimeSpan.FromSeconds(seconds))) == TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Limits_learning_rates_and_baselines_are_read_and_written_back()
    {
        var folder = Directory.CreateTempSubdirectory();
        var design = Path.Combine(folder.FullName, "mine.yaml");
        File.WriteAllText(design, DesignYaml.Write(Design.Uniform(new StrategySet("lora"), 6)));
        var study = StudyYaml.Parse(
            $$"""
            {{Start}}smaller-budgets: [0.05%, 2000]
            training: {learning-rate: [3e-3, 3e-4, 1e-3], learning-rates: {bitfit: 4e-3}, head-learning-rate: 2e-3, patience: 2, selection: 0.2, selection-splits: 3}
            search: {policy: joint, time: 20 min, trials: 50, examples: 100000, refit: true, refit-runs: 4, baselines: [untrained, head, all, paper, full, {{YamlText.Format(design)}}]}
            """,
            "s.yaml");
        Assert.Equal([3e-4, 1e-3, 3e-3], study.LearningRates);
        Assert.Equal([Budget.OfShare(0.0005m), Budget.OfCount(2000)], study.SmallerBudgets);
        Assert.Equal(1e-3, study.Training.LearningRate);
        Assert.Equal(4e-3, study.Training.LearningRates["bitfit"]);
        Assert.Equal((2e-3, 2, 3), (study.Training.HeadLearningRate, study.Training.Patience, study.Training.SelectionSplits));
        Assert.Equal(new SearchLimit(TimeSpan.FromMinutes(20), 50, 100_000), study.Search.Limit);
        Assert.Equal(["untrained", "head", "all", "paper", "full", "mine"], study.Search.Baselines);
        Assert.Equal(Design.Uniform(new StrategySet("lora"), 6), study.BaselineDesigns["mine"]);
        Assert.Equal((true, 4), (study.Search.Refit, study.Search.RefitRuns));

        // the written study needs the design's file no more
        folder.Delete(recursive: true);
        Assert.Equal(study, StudyYaml.Parse(StudyYaml.Write(study), "s.yaml"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("search: {score-every-epoch: false}", false)]
    [InlineData("search: {score-every-epoch: true}", true)]
    public void Scoring_every_epoch_is_off_unless_a_study_asks_for_it(string text, bool expected)
    {
        var study = StudyYaml.Parse(Start + text, "s.yaml");
        Assert.Equal(expected, study.Search.ScoresEveryEpoch);
        Assert.Equal(study, StudyYaml.Parse(StudyYaml.Write(study), "s.yaml"));
        Assert.NotEqual(study, study with { Search = study.Search with { ScoresEveryEpoch = !expected } });
    }

    [Theory]
    [InlineData("[random, full]", null)]
    [InlineData("[{random: {designs: 20}}]", 20)]
    public void Random_search_is_a_baseline_with_or_without_a_number_of_designs(string list, int? designs)
    {
        var study = StudyYaml.Parse($"{Start}search: {{baselines: {list}}}", "s.yaml");
        Assert.Equal((true, designs), (study.Search.Baselines.Contains("random"), study.Search.RandomDesigns));
        Assert.Contains($"baselines: {list}", StudyYaml.Write(study), StringComparison.Ordinal);
        Assert.Equal(study, StudyYaml.Parse(StudyYaml.Write(study), "s.yaml"));
    }

    [Theory]
    [InlineData("search: {policy: exhaustive, time: 20 min}", "write 'policy: joint'")]
    [InlineData("search: {policy: exhaustive, time: 20 min, trials: 500}", "limited by 'trials' or 'examples'")]
    [InlineData("search: {policy: comparison, time: 5 min}", "write 'policy: joint'")]
    [InlineData("search: {policy: joint, time: 20}", "'20' is not a duration")]
    [InlineData("search: {refit: true}", "write 'selection: 0.2'")]
    [InlineData("search: {refit-runs: 4}", "'refit: true'")]
    [InlineData("search: {policy: exhaustive, prefer: lora}", "'policy: joint'")]
    [InlineData("smaller-budgets: [0.1%]\nsearch: {policy: exhaustive}", "'policy: joint'")]
    [InlineData("search: {policy: staged, from: [a.db]}", "does not use earlier searches; write 'policy: joint'")]
    [InlineData("search: {policy: joint, from: []}", "name at least one store")]
    [InlineData("search: {policy: joint, from: [a.db, a.db]}", "store 'a.db' is named twice")]
    [InlineData("smaller-budgets: [0.1%, 0.1%]", "named twice")]
    [InlineData("smaller-budgets: [a]", "is not a budget")]
    [InlineData("search: {policy: joint, prefer: lorra}", "is not a strategy of the space")]
    [InlineData("search: {baselines: [nothing.yaml]}", "'nothing.yaml' is neither a baseline (full, untrained, head, all, paper) nor the file of a design")]
    [InlineData("search: {baselines: [lora]}", "'lora' is already a side of the comparison")]
    [InlineData("search: {policy: joint, trials: 50, baselines: [random]}", "leave it out, or 'time', 'trials' and 'examples'")]
    [InlineData("search: {policy: comparison, baselines: [random]}", "write '{random: {designs: 20}}'")]
    [InlineData("search: {baselines: [{random: {designs: 0}}]}", "'designs' is '0'; write a whole number from 1")]
    [InlineData("search: {baselines: [{random: {count: 3}}]}", "'designs' is missing in 'random'")]
    [InlineData("search: {baselines: [random, {random: {designs: 3}}]}", "'random' is already a side of the comparison")]
    [InlineData("search: {score-every-epoch: 2}", "'score-every-epoch' is '2'")]
    [InlineData("training: {learning-rate: []}", "at least one")]
    [InlineData("training: {learning-rate: [1e-3, 1e-3]}", "once")]
    [InlineData("training: {learning-rates: {lorra: 1e-3}}", "did you mean 'lora'?")]
    [InlineData("training: {batch-size: [8, 16], tokens-per-batch: 512}\nsearch: {policy: joint}", "'tokens-per-batch' decides the rows of a step; leave out one of them")]
    [InlineData("training: {learning-rates: mesured}", "'measured'")]
    public void What_cannot_be_searched_is_refused_with_the_remedy(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => StudyYaml.Parse(Start + text, "s.yaml")).Message, StringComparison.Ordinal);
}
