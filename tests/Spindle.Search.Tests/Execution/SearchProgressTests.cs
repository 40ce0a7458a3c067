using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Execution;

/// <summary>What a search says while it runs.</summary>
public sealed class SearchProgressTests
{
    [Fact]
    public void Every_trial_of_a_run_is_reported_once_when_it_has_ended_and_those_of_earlier_runs_are_not()
    {
        using var store = new InMemoryTrialStore();
        var first = Run(SyntheticStudy.Of(), store);
        var ended = first.SelectMany(report => report.Ended).ToArray();
        Assert.Equal(store.Trials().OrderBy(trial => trial.EndOrder).Select(trial => trial.Id), ended.Select(trial => trial.Id));
        Assert.All(ended, trial => Assert.NotNull(trial.Outcome));
        Assert.Empty(Run(SyntheticStudy.Of(), store).SelectMany(report => report.Ended));
    }

    [Fact]
    public void The_leaders_of_a_stage_are_its_options_by_their_means_with_the_interval_of_each_mean()
    {
        using var store = new InMemoryTrialStore();
        var reports = Run(SyntheticStudy.Of(samples: 3), store);
        // the last stage is shown until the end
        var final = reports[^1];
        var result = StudyResult.Of(store);
        Assert.Equal("Final", final.Stage);
        Assert.Equal(result.Sides.OrderByDescending(side => side.Mean).Select(side => side.Mean!.Value), final.Leaders.Select(leader => leader.Mean), (one, other) => Math.Abs(one - other) < 1e-9);
        Assert.All(final.Leaders, leader =>
        {
            var side = result.Sides.Single(side => side.Name == leader.Option);
            // two seeds: one degree of freedom
            Assert.Equal(12.7062 * side.StandardError!.Value, leader.Mean - leader.Lower!.Value, 3);
            // scores end at 100
            Assert.Equal(Math.Min(100, leader.Mean + (leader.Mean - leader.Lower!.Value)), leader.Upper!.Value, 9);
        });
    }

    [Fact]
    public void Designs_of_earlier_stages_that_count_for_an_option_count_for_its_lead_too()
    {
        using var store = new InMemoryTrialStore();
        var reports = Run(SyntheticStudy.Of(samples: 6, policy: StagedPolicy.PolicyName), store);
        var stage = StudyResult.Of(store).Stages.Last(stage => stage.Compares && stage.Options.Any(option => option.Reused > 0));
        var kept = reports.Last(report => report.Stage == stage.Name).Leaders.Single(leader => leader.Option == stage.Chosen);
        Assert.InRange(kept.Designs, 1, stage.Winner!.Designs);
        Assert.True(reports.Where(report => report.Stage == stage.Name).SelectMany(report => report.Leaders).All(leader => leader.Designs <= stage.Options.Single(option => option.Name == leader.Option).Designs));
        Assert.Contains(reports.First(report => report.Stage == stage.Name).Leaders, leader => leader.Designs > 0);
    }

    [Fact]
    public void A_stage_says_how_many_options_it_chooses_from_and_the_last_one_how_many_sides_it_compares()
    {
        using var store = new InMemoryTrialStore();
        var decisions = Run(SyntheticStudy.Of(), store).DistinctBy(report => (report.Stage, report.Decision)).ToLookup(report => report.Stage, report => report.Decision);
        // one option
        Assert.Equal([null], decisions["S0"]);
        Assert.Equal(["1 of 5 options is kept"], decisions["S1"]);
        Assert.Equal("the winner of 6 sides is known", decisions["Final"].First());
    }

    [Theory]
    [InlineData(SuccessiveHalvingPolicy.PolicyName)]
    [InlineData(JointPolicy.PolicyName)]
    public void A_rung_says_how_many_go_on_and_that_many_do(string policy)
    {
        using var store = new InMemoryTrialStore();
        var reports = Run(SyntheticStudy.Of(samples: 8, policy: policy, epochs: 8), store);
        var rungs = reports.Where(report => report.Rungs is not null).DistinctBy(report => report.Stage).ToArray();
        Assert.InRange(rungs.Length, 3, 6);
        Assert.All(rungs, rung => Assert.Equal(rungs.Length, rung.Rungs));
        foreach (var (rung, next) in rungs.Zip(rungs.Skip(1)))
        {
            var going = store.Trials(next.Stage).DistinctBy(trial => trial.Spec.Key.Option).Count();
            Assert.Matches(FormattableString.Invariant($"^{going} (of|candidates enter the next rung: the best of) {store.Trials(rung.Stage).DistinctBy(trial => trial.Spec.Key.Option).Count()}\\b"), rung.Decision);
        }

        Assert.All(rungs.SkipLast(1), rung => Assert.Contains("enter the next rung", rung.Decision, StringComparison.Ordinal));
        Assert.Matches("enters? the final comparison$", rungs[^1].Decision);
    }

    [Fact]
    public void A_limit_in_examples_says_how_many_go_on_as_well()
    {
        using var store = new InMemoryTrialStore();
        var study = SyntheticStudy.Of(samples: 8, policy: JointPolicy.PolicyName, epochs: 4);
        study = study with { Search = study.Search with { Limit = new() { Examples = 40_000 } } };
        var reports = Run(study, store);
        var first = reports.First(report => report.Rungs is not null);
        Assert.Equal(2, first.Rungs);
        Assert.StartsWith(FormattableString.Invariant($"{store.Trials("rung 2").DistinctBy(trial => trial.Spec.Key.Option).Count()} candidates enter the next rung: the best of "), first.Decision, StringComparison.Ordinal);
    }

    private static List<SearchProgress> Run(SearchStudy study, ITrialStore store)
    {
        var problem = SyntheticStudy.Problem(study);
        var reports = new List<SearchProgress>();
        using var workers = new InProcessWorkers(new SyntheticRunner(), 2);
        new SearchSession(problem, SearchPolicies.Create(problem), store, workers).Run(new Each(reports.Add));
        return reports;
    }

    private sealed class Each(Action<SearchProgress> report) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value) => report(value);
    }
}
