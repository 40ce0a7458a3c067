using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Glue;
using Spindle.Tests;

namespace Spindle.Data.Tests.Tasks.Glue;

/// <summary>GLUE's own files, as their source counts and labels them.</summary>
public class RealGlueTests
{
    [Theory]
    [InlineData("cola", 8551, 1043)]
    [InlineData("sst2", 67349, 872)]
    [InlineData("mrpc", 3668, 408)]
    [InlineData("stsb", 5749, 1500)]
    [InlineData("rte", 2490, 277)]
    [InlineData("qnli", 18869, 5463)]
    [InlineData("mnli", 24736, 9815)]
    [InlineData("qqp", 19827, 1000)]
    public void Every_row_is_read_and_none_is_bad(string name, int train, int validation)
    {
        var data = Load(name);
        Assert.Equal((train, validation), (data.Train.Examples.Count, data.Validation.Single().Examples.Count));
        foreach (var split in data.Validation.Prepend(data.Train))
        {
            Assert.Empty(split.Skipped);
            Assert.All(split.Examples, example => Assert.True((example.Second is not null) == data.Task.Pairs && !double.IsNaN(example.Label)));
        }
    }

    [Theory]
    [InlineData("cola", 1, 0.689)] // acceptable: 719 of 1,043
    [InlineData("sst2", 1, 0.509)] // positive: 444 of 872
    [InlineData("mrpc", 1, 0.684)] // equivalent: 279 of 408
    [InlineData("rte", 0, 0.527)] // entailment: 146 of 277
    [InlineData("qnli", 0, 0.495)] // entailment: 2,702 of 5,463
    [InlineData("mnli", 0, 0.354)] // entailment: 3,479 of 9,815
    [InlineData("mnli", 2, 0.327)] // contradiction: 3,213 of 9,815
    public void Classes_are_as_frequent_as_in_the_benchmark(string name, int label, double share) =>
        Assert.Equal(share, Load(name).Validation[0].Examples.Average(example => example.Label == label ? 1.0 : 0), 0.0015);

    [Fact]
    public void Similarities_fill_their_range()
    {
        double[] labels = [.. Load("stsb").Train.Examples.Select(example => example.Label)];
        Assert.Equal((0, 5), (labels.Min(), labels.Max()));
        Assert.Equal(2.70, labels.Average(), 0.01);
    }

    [Fact]
    public void Sentences_are_taken_from_the_right_columns()
    {
        Assert.Equal("The sailors rode the breeze clear of the rocks.", Load("cola").Validation[0].Examples[0].First);
        Assert.Equal(
            new Example("Dana Reeve, the widow of the actor Christopher Reeve, has died of lung cancer at age 44, according to the Christopher Reeve Foundation.",
                "Christopher Reeve had an accident.", 1),
            Load("rte").Validation[0].Examples[0]);
        Assert.Equal(
            new Example("He said the foodservice pie business doesn't fit the company's long-term growth strategy.",
                "\"The foodservice pie business does not fit our long-term growth strategy.", 1),
            Load("mrpc").Validation[0].Examples[0]);
        Assert.Equal(new Example("The new rights are nice enough", "Everyone really likes the newest benefits", 1), Load("mnli").Validation[0].Examples[0]);
    }

    private static TaskData Load(string name) => new GlueTaskFamily().Load(name, SharedFiles.BesideFixtures("data", "glue_data"));
}
