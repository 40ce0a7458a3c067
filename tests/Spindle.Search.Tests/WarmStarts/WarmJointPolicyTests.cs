using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Policies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.WarmStarts;

/// <summary>The contract of policies, for one that starts from an earlier search on another backbone.</summary>
public sealed class WarmJointPolicyTests : SearchPolicySuite
{
    private static readonly SearchProblem First = SyntheticStudy.Problem(SyntheticStudy.Of(seed: 8, samples: 12, policy: "joint", epochs: 2), layers: 9);

    private static readonly SimulatedSearch Earlier = SimulatedSearch.Run(First, new SmoothLandscape(8, 9, noise: 1).Score);

    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") =>
        SyntheticStudy.Of(seed: seed, samples: samples, budget: budget, policy: "joint", epochs: 4) with { LearningRates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true)] };

    private protected override ISearchPolicy Create(SearchProblem problem) => new JointPolicy(Warm(problem));

    [Fact]
    public void A_stage_that_has_ended_keeps_how_well_the_earlier_search_ranks_its_sides_and_the_result_names_both()
    {
        using var store = new InMemoryTrialStore();
        var problem = Warm(SyntheticStudy.Problem(Study(samples: 6)));
        using var workers = new InProcessWorkers(new SyntheticRunner(), 1);
        var reported = new List<SearchProgress>();
        var result = new SearchSession(problem, new JointPolicy(problem), store, workers).Run(new Collected(reported), TestContext.Current.CancellationToken);
        var earlier = Assert.Single(result.Earlier);
        Assert.Equal(("earlier.db", "synthetic", "tiny"), (earlier.Study.Store, earlier.Study.Name, earlier.Study.Backbone));
        // 4 strategies, 6 designs and full fine-tuning at 2 rates
        Assert.Equal(22, earlier.Correlation!.Ranks!.Count);
        Assert.All(store.Stages().Where(stage => stage.Name.StartsWith("rung", StringComparison.Ordinal)), stage => Assert.Equal(earlier.Correlation!.Ranks, Assert.Single(stage.Earlier).Ranks));
        Assert.Empty(reported.First(progress => progress.Stage == "rung 1").Earlier);
        Assert.Equal(earlier.Correlation!.Ranks, Assert.Single(reported.Last(progress => progress.Stage == "rung 2").Earlier).Ranks);
        Assert.Equal(earlier, Assert.Single(StudyResult.Of(store).Earlier));
    }

    [Fact]
    public void Plain_strategies_are_among_the_first_candidates_whatever_earlier_searches_expect()
    {
        var problem = Warm(SyntheticStudy.Problem(Study(samples: 6)));
        var first = new JointPolicy(problem).Next(new()).Trials.Select(trial => trial.Key.Option.Split(" at ")[0]).Distinct().ToArray();
        Assert.Equal(["adapter", "prefix", "bitfit", "lora", "full"], first.Take(5));
        Assert.Equal(11, first.Length);
    }

    private static SearchProblem Warm(SearchProblem problem) => problem with { Earlier = [EarlierSearches.Of(problem, First, Earlier)] };

    private sealed class Collected(List<SearchProgress> reported) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value) => reported.Add(value);
    }
}
