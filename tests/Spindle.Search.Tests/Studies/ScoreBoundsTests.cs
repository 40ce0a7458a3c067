using Spindle.Search.Studies;

namespace Spindle.Search.Tests.Studies;

public class ScoreBoundsTests
{
    private static readonly TaskChance Accuracy = new("accuracy", 50) { LowestScore = 0 };
    private static readonly TaskChance Correlation = new("correlation", 0) { LowestScore = -100 };
    private static readonly TaskChance Skill = new("skill", 0);

    [Fact]
    public void An_interval_ends_where_the_scores_of_the_tasks_end()
    {
        Assert.Equal((0, 100), ScoreBounds.Of([Accuracy]).Around(60, 90));
        Assert.Equal((-30, 100), ScoreBounds.Of([Correlation]).Around(60, 90));
        Assert.Equal((-50, 40), ScoreBounds.Of([Accuracy, Correlation]).Around(-5, 45.0));
        Assert.Equal((-50, 85), ScoreBounds.Of([Accuracy, Correlation]).Around(-5, 90));
        Assert.Equal((55, 65), ScoreBounds.Of([Accuracy]).Around(60, 5));
    }

    [Fact]
    public void Where_a_task_has_no_lowest_score_only_the_upper_end_is_bounded() =>
        Assert.Equal((-140, 100), ScoreBounds.Of([Accuracy, Skill]).Around(-20, 120));

    [Fact]
    public void A_mean_that_is_out_of_bounds_stays_in_its_interval()
    {
        Assert.Equal((-3, 1), ScoreBounds.Of([Accuracy]).Around(-3, 4));
        Assert.Equal((90, 110), ScoreBounds.Of([Accuracy]).Around(110, 20));
    }
}
