using Spindle.Designs.Text;

namespace Spindle.Designs.Tests.Text;

public class NameTests
{
    private enum Sample
    {
        EveryLayer,
        BFloat16,
        Joint,
    }

    [Fact]
    public void Members_are_written_in_kebab_case() => Assert.Equal(["every-layer", "bfloat16", "joint"], KebabCase.Names<Sample>());

    [Fact]
    public void Members_read_back_to_the_letter()
    {
        foreach (var member in Enum.GetValues<Sample>())
            Assert.True(KebabCase.TryParse<Sample>(KebabCase.From(member), out var read) && read == member);
        Assert.False(KebabCase.TryParse<Sample>("EveryLayer", out _));
        Assert.False(KebabCase.TryParse<Sample>("0", out _));
    }

    [Theory]
    [InlineData("batchsize", "batch-size")]
    [InlineData("epoch", "epochs")]
    [InlineData("learningrate", "learning-rate")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_found(string name, string? nearest) =>
        Assert.Equal(nearest, NearestName.Find(name, ["epochs", "batch-size", "learning-rate"]));

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    public void Distance_counts_edits(string first, string second, int edits) => Assert.Equal(edits, NearestName.Distance(first, second));
}
