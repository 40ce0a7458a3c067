using Spindle.Designs.Plans;
using Spindle.Metrics;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Surrogates;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.WarmStarts;

namespace Spindle.Search.Tests.WarmStarts;

public sealed class PriorTests
{
    private static readonly SearchProblem Problem = SimulatedSearch.Problem("joint", seed: 7, samples: 20);
    private static readonly SearchProblem First = SimulatedSearch.Problem("joint", seed: 8, samples: 40);
    private static readonly SmoothLandscape Task = new(8, First.Space.Layers, noise: 1);
    private static readonly Lazy<EarlierStudy> Similar = new(() => EarlierSearches.Of(Problem, First, Task));

    private static IReadOnlyList<Side> Sides { get; } =
        [.. StageSampler.Draw(Problem, Stage.AnyDesign, 60)[0].Designs.Select(design => new Side($"design {design.Sample + 1}", "", OptionRole.Found, design.Plan))];

    [Fact]
    public void Without_earlier_searches_the_draws_are_as_they_come()
    {
        Assert.Null(Prior.Of(Problem));
        Assert.Equal(StageSampler.Draw(Problem, Stage.AnyDesign, 20)[0].Designs, GuidedDraws.Take(Problem, null).Designs);
    }

    [Fact]
    public void Half_of_the_draws_are_as_they_come_and_the_others_are_better_on_a_similar_task()
    {
        var prior = Prior.Of(Problem with { Earlier = [Similar.Value] })!;
        var draws = GuidedDraws.Take(Problem, prior).Designs;
        Assert.Equal(20, draws.Count);
        Assert.Equal(Enumerable.Range(0, 20), draws.Select(design => design.Sample));
        var pool = StageSampler.Draw(Problem, Stage.AnyDesign, 80)[0].Designs;
        Assert.Subset(pool.Select(design => design.Plan).ToHashSet(), draws.Select(design => design.Plan).ToHashSet());
        Assert.Equal(pool.Chunk(8).Select(pair => pair[0].Plan), draws.Where(design => design.Sample % 2 == 1).Select(design => design.Plan));
        Assert.True(Mean(0) > Mean(1) + 1, $"{Mean(0):F2}, {Mean(1):F2}");
        // a search that draws more keeps the first ones
        var more = Problem with { Study = Problem.Study with { Search = Problem.Study.Search with { SamplesPerOption = 30 } } };
        Assert.Equal(draws, GuidedDraws.Take(more, prior).Designs.Take(20));

        double Mean(int place) => draws.Where(design => design.Sample % 2 == place).Average(design => Task.Truth(design.Plan));
    }

    [Fact]
    public void A_search_of_a_similar_task_counts_by_its_rank_correlation()
    {
        var measured = Prior.Of(Problem with { Earlier = [Similar.Value] })!.Measure(Scores(side => Task.Truth(Plan(side))));
        var ranks = Assert.Single(measured.Correlations).Ranks!;
        Assert.Equal(60, ranks.Count);
        Assert.True(ranks.Value > 0.6, $"{ranks.Value}");
        // up to chance, a good side is expected to lead by as many points as it does
        var features = new DesignFeatures(Problem);
        var (best, worst) = (Sides.MaxBy(side => Task.Truth(Plan(side)))!, Sides.MinBy(side => Task.Truth(Plan(side)))!);
        var ahead = measured.Mean!(features.Of(best, null)) - measured.Mean(features.Of(worst, null));
        var truth = Task.Truth(Plan(best)) - Task.Truth(Plan(worst));
        Assert.InRange(ahead / truth, 0.3, 1.5);
    }

    [Fact]
    public void A_search_that_surely_ranks_sides_the_other_way_counts_the_other_way()
    {
        var measured = Prior.Of(Problem with { Earlier = [Similar.Value] })!.Measure(Scores(side => -Task.Truth(Plan(side))));
        Assert.True(Assert.Single(measured.Correlations).Ranks!.Value < -0.6);
        var features = new DesignFeatures(Problem);
        var (best, worst) = (Sides.MaxBy(side => Task.Truth(Plan(side)))!, Sides.MinBy(side => Task.Truth(Plan(side)))!);
        Assert.True(measured.Mean!(features.Of(best, null)) < measured.Mean(features.Of(worst, null)));
    }

    [Fact]
    public void A_search_that_may_rank_sides_the_other_way_by_chance_does_not_count()
    {
        // a weak effect against noise
        var measured = Prior.Of(Problem with { Earlier = [Similar.Value] })!.Measure(Scores(side => (-0.15 * Task.Truth(Plan(side))) + (3 * Math.Sin(12.9898 * Plan(side).Parameters))));
        Assert.True(Assert.Single(measured.Correlations).Ranks is { Value: <= 0, Upper: >= 0 }, $"{measured.Correlations[0]}");
        Assert.Null(measured.Mean);
    }

    [Fact]
    public void Of_few_scores_the_correlation_is_reported_but_does_not_count()
    {
        var measured = Prior.Of(Problem with { Earlier = [Similar.Value] })!.Measure([.. Scores(side => Task.Truth(Plan(side))).Take(6)]);
        Assert.Equal(6, Assert.Single(measured.Correlations).Ranks!.Count);
        Assert.Null(measured.Mean);
        Assert.Null(Assert.Single(Prior.Of(Problem with { Earlier = [Similar.Value] })!.Measure([]).Correlations).Ranks);
    }

    [Fact]
    public void Several_searches_count_by_their_own_correlations()
    {
        var opposite = EarlierSearches.Of(Problem, First, new SmoothLandscape(9, First.Space.Layers, noise: 1) { Like = (Task, -1) }, "other.db");
        var scores = Scores(side => Task.Truth(Plan(side)));
        var both = Prior.Of(Problem with { Earlier = [opposite, Similar.Value] })!.Measure(scores);
        Assert.Equal(["other.db", "earlier.db"], both.Correlations.Select(found => found.Store));
        Assert.True(both.Correlations[0].Ranks!.Value < -0.6 && both.Correlations[1].Ranks!.Value > 0.6);
        var features = new DesignFeatures(Problem);
        Assert.True(RankCorrelation.Of([.. Sides.Select(side => both.Mean!(features.Of(side, null)))], [.. scores.Select(score => score.Points)])!.Value > 0.6);
    }

    [Fact]
    public void A_backbone_with_more_layers_is_compared_by_relative_depths()
    {
        var deep = SyntheticStudy.Problem(First.Study, layers: 12);
        var measured = Prior.Of(Problem with { Earlier = [EarlierSearches.Of(Problem, deep, new SmoothLandscape(8, 12, noise: 1))] })!.Measure(Scores(side => Task.Truth(Plan(side))));
        Assert.True(Assert.Single(measured.Correlations).Ranks!.Value > 0.5);
    }

    [Fact]
    public void The_stage_that_scored_most_sides_is_compared()
    {
        // a later rung of few sides, in the other order
        var scores = Scores(side => Task.Truth(Plan(side)));
        var later = scores.Take(10).Select(score => score with { Rung = 1, Points = -score.Points });
        Assert.Equal(60, Prior.Of(Problem with { Earlier = [Similar.Value] })!.Measure([.. scores, .. later]).Correlations[0].Ranks!.Count);
    }

    private static (Side Side, LearningRate? Rate, int Rung, double Points)[] Scores(Func<Side, double> points) => [.. Sides.Select(side => (side, (LearningRate?)null, 0, points(side)))];

    private static TuningPlan.Sized Plan(Side side) => (TuningPlan.Sized)side.Plan!;
}
