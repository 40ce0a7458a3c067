using Spindle.Metrics.Comparisons;

namespace Spindle.Metrics.Tests.Comparisons;

/// <summary>Which tasks count in a comparison, and scores between chance and the best side.</summary>
public class VotingTasksTests
{
    private static readonly Gen<ScoredTask[]> Tasks = Gen.Select(Gen.Double[0, 60], Gen.Double[0, 100].Array[3]).Array[1, 5]
        .Select(tasks => tasks.Select((task, index) => new ScoredTask($"task {index}", task.Item1, task.Item2)).ToArray());

    [Fact]
    public void A_task_on_which_every_side_guesses_does_not_vote_and_is_named()
    {
        var tasks = VotingTasks.Of([new("sst2", 50, [80, 90]), new("rte", 52, [53, 54]), new("stsb", 0, [1, 60])]);
        Assert.Equal(["sst2", "stsb"], tasks.Names);
        Assert.Equal(["rte"], tasks.AtChance);
        Assert.Equal(75, tasks.Mean(Scores(90, 54, 60)));
        // (80 - 50) / (90 - 50) and 1 / 60
        Assert.Equal((75 + 100.0 / 60) / 2, tasks.Normalized(Scores(80, 53, 1))!.Value, 1e-12);
        Assert.Equal(100, tasks.Normalized(Scores(90, 0, 60))!.Value, 1e-12);
    }

    [Fact]
    public void The_best_side_of_a_task_is_a_hundred_and_guessing_is_zero() => Tasks.Sample(tasks =>
    {
        var voting = VotingTasks.Of(tasks);
        if (voting.Names.Count == 0) return;
        Assert.Equal(100, voting.Normalized(tasks.ToDictionary(task => task.Name, task => task.Scores.Max()))!.Value, 1e-9);
        Assert.Equal(0, voting.Normalized(tasks.ToDictionary(task => task.Name, task => task.Chance))!.Value, 1e-9);
    }, iter: 100);

    [Fact]
    public void Every_scored_task_votes_or_is_at_chance() => Tasks.Sample(tasks =>
    {
        var voting = VotingTasks.Of(tasks);
        Assert.Equal(tasks.Select(task => task.Name).Order(StringComparer.Ordinal), voting.Names.Concat(voting.AtChance).Order(StringComparer.Ordinal));
        Assert.All(tasks, task => Assert.Equal(task.Scores.Any(score => score > task.Chance + VotingTasks.UsualMargin), voting.Names.Contains(task.Name)));
    }, iter: 100);

    [Fact]
    public void Without_a_voting_task_or_a_score_there_is_no_mean()
    {
        Assert.Null(VotingTasks.Of([new("rte", 52, [53])]).Mean(new Dictionary<string, double> { ["rte"] = 53 }));
        Assert.Null(VotingTasks.Of([new("sst2", 50, [80])]).Normalized(new Dictionary<string, double>()));
        Assert.Empty(VotingTasks.Of([new("sst2", 50, [])]).AtChance);
    }

    private static Dictionary<string, double> Scores(double first, double second, double third) => new() { ["sst2"] = first, ["rte"] = second, ["stsb"] = third };
}
