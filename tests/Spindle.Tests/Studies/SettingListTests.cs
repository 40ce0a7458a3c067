using Spindle.Studies;

namespace Spindle.Tests.Studies;

public class SettingListTests
{
    private const string Start = "backbone: b\ntasks: [builtin/similarity]\nsearch: {policy: joint}\n";

    [Fact]
    public void Lists_of_settings_and_of_options_are_read_and_written_back_with_the_middle_number_as_the_studys_own()
    {
        var study = StudyYaml.Parse(
            Start + """
            training: {batch-size: [32, 8, 16], epochs: [2, 4], dropout: [0, 0.1, 0.2], learning-rate: [1e-3, 3e-3], head-learning-rate: [1e-2, 1e-3]}
            strategies:
              lora: {alpha: [8, 16, 32], places: [[attention-query, attention-value], [attention-key]]}
              long: {kind: prefix, network: [16, 64], positions: [before, none]}
              adapter: {placement: houlsby}
            """,
            "s.yaml");
        Assert.Equal(
            ["batch-size=8|16|32", "dropout=0|0.1|0.2", "epochs=2|4", "head-learning-rate=0.001|0.01", "long.network=16|64", "long.positions=before|none", "lora.alpha=8|16|32", "lora.places=[attention-query, attention-value]|[attention-key]"],
            study.Lists.Select(list => $"{(list.Strategy is { } strategy ? strategy + "." : "")}{list.Name}={string.Join('|', list.Values)}").Order(StringComparer.Ordinal));
        Assert.Equal((16, 2, 0.1, 1e-3, 1e-3), (study.Training.BatchSize, study.Training.Epochs, study.Training.Dropout, study.Training.LearningRate, study.Training.HeadLearningRate));
        Assert.Equal(("16", "[attention-query, attention-value]"), (study.Strategies["lora"].TextOf("alpha"), study.Strategies["lora"].TextOf("places")));
        Assert.Equal(("16", "before"), (study.Strategies["long"].TextOf("network"), study.Strategies["long"].TextOf("positions")));
        Assert.Equal(study, StudyYaml.Parse(StudyYaml.Write(study), "s.yaml"));
        Assert.Contains("\n  batch-size: [8, 16, 32]\n", StudyYaml.Write(study), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training: {learning-rate: {from: 1e-4, to: 1e-2, steps: 5}}", "learning-rate: [0.0001, 0.0003162, 0.001, 0.003162, 0.01]")]
    [InlineData("training: {head-learning-rate: {from: 1e-4, to: 1e-2, steps: 3}}", "head-learning-rate: [0.0001, 0.001, 0.01]")]
    [InlineData("training: {batch-size: {from: 8, to: 32, steps: 4}}", "batch-size: [8, 16, 24, 32]")]
    [InlineData("training: {dropout: {from: 0, to: 0.3, steps: 3}}", "dropout: [0, 0.15, 0.3]")]
    [InlineData("strategies: {lora: {alpha: {from: 4, to: 12, steps: 3}}}", "alpha: [4, 8, 12]")]
    public void A_range_is_the_list_of_its_numbers(string text, string list)
    {
        var study = StudyYaml.Parse(Start + text, "s.yaml");
        Assert.Contains(list, StudyYaml.Write(study), StringComparison.Ordinal);
        Assert.Equal(study, StudyYaml.Parse(StudyYaml.Write(study), "s.yaml"));
    }

    [Fact]
    public void A_list_of_one_value_is_that_value() =>
        Assert.Equal(StudyYaml.Parse(Start + "training: {batch-size: 8}\nstrategies: {lora: {alpha: 4}}", "s"), StudyYaml.Parse(Start + "training: {batch-size: [8]}\nstrategies: {lora: {alpha: [4]}}", "s"));

    [Theory]
    [InlineData("training: {batch-size: []}", "s.yaml:4:24: 'batch-size' has no value")]
    [InlineData("training: {head-learning-rate: [1e-3, 0]}", "s.yaml:4:39: item 2 of 'head-learning-rate' is '0'; write a number above 0")]
    [InlineData("training: {batch-size: [8, 0]}", "s.yaml:4:28: item 2 of 'batch-size' is '0'; write a whole number from 1")]
    [InlineData("training: {batch-size: [8, 8]}", "s.yaml:4:24: name each value of 'batch-size' once")]
    [InlineData("training: {batch-size: {from: 8, to: 4, steps: 2}}", "'to' is '4'; write a number above 8")]
    [InlineData("training: {learning-rate: {from: 0, to: 1, steps: 3}}", "'from' is '0'; write a number above 0")]
    [InlineData("training: {batch-size: {from: 8, to: 16}}", "'steps' is missing in 'batch-size'")]
    [InlineData("training: {warm-up: [0.1, 0.2]}", "'warm-up' is a list; write a number")]
    [InlineData("strategies: {lora: {alpha: [8, x]}}", "s.yaml:4:32: item 2 of 'alpha' is 'x'; write a number")]
    [InlineData("strategies: {lora: {places: [[attention-query], [nowhere]]}}", "item 1 of item 2 of 'places' is 'nowhere'; write one of")]
    [InlineData("training: {batch-size: {from: 1, to: 1000, steps: 100}, epochs: {from: 1, to: 100, steps: 50}}", "have 5000 combinations, and at most 1000 are allowed; list fewer values")]
    public void What_cannot_be_listed_is_refused_at_its_place_with_the_remedy(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => StudyYaml.Parse(Start + text, "s.yaml")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("training: {batch-size: [8, 16]}", "s.yaml:4:11: 'batch-size' has several values")]
    [InlineData("strategies: {lora: {alpha: [8, 16]}}", "s.yaml:4:13: 'alpha' has several values")]
    public void The_papers_protocol_refuses_lists_with_the_policy_that_takes_them(string text, string message)
    {
        var refused = Assert.Throws<InvalidDataException>(() => StudyYaml.Parse("backbone: b\ntasks: [builtin/similarity]\nsearch: {policy: exhaustive}\n" + text, "s.yaml")).Message;
        Assert.StartsWith(message, refused, StringComparison.Ordinal);
        Assert.Contains("write 'policy: joint' under 'search'", refused, StringComparison.Ordinal);
    }
}
