using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Recording;

namespace Spindle.Benchmarks.Tests.Candidates;

public class CandidateListTests
{
    [Fact]
    public void A_longer_list_begins_with_the_same_candidates()
    {
        var list = CandidateList.Of(MadeUp.Problem, RecordingPlan.Candidates);
        Assert.Equal(RecordingPlan.Candidates, list.Count);
        Assert.Equal(list, CandidateList.Of(MadeUp.Problem, RecordingPlan.Candidates + 40).Take(RecordingPlan.Candidates));
        Assert.Equal(list.Take(5), CandidateList.Of(MadeUp.Problem, 5));
        Assert.Equal(Enumerable.Range(0, list.Count), list.Select(candidate => candidate.Index));
    }

    [Fact]
    public void Every_strategy_is_alone_at_every_rate_and_random_designs_take_the_rates_in_turn()
    {
        var list = CandidateList.Of(MadeUp.Problem, RecordingPlan.Candidates);
        double[] rates = [.. RecordedStudy.Rates, .. RecordedStudy.ExtremeRates];
        foreach (var strategy in RecordedStudy.Space.Strategies)
            Assert.Equal(rates.Order(), list.Where(candidate => candidate.Name == strategy && candidate.Kind == CandidateKind.Plain).Select(candidate => candidate.Rate).Order());
        Assert.Equal(RecordedStudy.Rates.Order(), list.Where(candidate => candidate.Name == "paper").Select(candidate => candidate.Rate).Order());
        Assert.Single(list, candidate => candidate.Name == "head");
        var random = list.Where(candidate => candidate.Kind == CandidateKind.Random).ToArray();
        Assert.True(random.Length > 80);
        Assert.Equal(random.Length, random.Select(candidate => candidate.Plan.Design).Distinct().Count());
        Assert.All(RecordedStudy.Rates, rate => Assert.InRange(random.Count(candidate => candidate.Rate == rate), random.Length / 3, random.Length / 3 + 1));
        Assert.All(list, candidate => Assert.True(candidate.Plan.Parameters <= MadeUp.Problem.Budget));
    }

    [Fact]
    public void The_first_candidates_of_a_stopped_recording_hold_random_designs_too() =>
        Assert.Contains(CandidateList.Of(MadeUp.Problem, 30), candidate => candidate.Kind == CandidateKind.Random);
}
