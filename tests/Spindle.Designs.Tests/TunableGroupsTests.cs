namespace Spindle.Designs.Tests;

public class TunableGroupsTests
{
    [Fact]
    public void Four_groups_have_the_papers_nine_runs() => Assert.Equal(
        ["G1", "G2", "G3", "G4", "G1-G2", "G3-G4", "G1-G3", "G2-G4", "all"], TunableGroups.Runs(4).Select(groups => groups.ToString(4)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 6)]
    [InlineData(5, 12)]
    public void Runs_are_listed_once(int groups, int count) => Assert.Equal(count, TunableGroups.Runs(groups).Distinct().Count());

    [Fact]
    public void All_subsets_are_every_non_empty_one() => Assert.Equal(15, TunableGroups.AllSubsets(4).Distinct().Count());

    [Fact]
    public void Text_reads_back()
    {
        foreach (var groups in TunableGroups.AllSubsets(7))
        {
            Assert.Equal(groups, TunableGroups.Parse(groups.ToString(), 7));
            Assert.Equal(groups, TunableGroups.Parse(groups.ToString(7), 7));
        }
    }

    [Theory]
    [InlineData("G1,G3", "G1,G3")]
    [InlineData("g2, g1", "G1-G2")]
    [InlineData("all", "G1-G4")]
    [InlineData("G1-G3,G2", "G1-G3")]
    public void Text_may_name_groups_in_any_order(string text, string groups) => Assert.Equal(groups, TunableGroups.Parse(text, 4).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("G0")]
    [InlineData("G5")]
    [InlineData("G3-G1")]
    [InlineData("G1-G2-G3")]
    [InlineData("G1,")]
    [InlineData("every")]
    [InlineData("G99999999999")]
    public void Text_that_names_no_groups_is_refused(string text) => Assert.Throws<FormatException>(() => TunableGroups.Parse(text, 4));
}
