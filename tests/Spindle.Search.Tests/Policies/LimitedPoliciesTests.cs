using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Policies;

/// <summary>The contract of successive halving under a limit, which lets it draw fewer designs and compare fewer seeds.</summary>
public sealed class LimitedSuccessiveHalvingPolicyTests : SearchPolicySuite
{
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%")
    {
        var study = SyntheticStudy.Of(seed: seed, samples: 4 * samples, budget: budget, policy: "successive-halving", epochs: 8);
        return study with { Search = study.Search with { Limit = new(Examples: 16_000) } };
    }

    private protected override ISearchPolicy Create(SearchProblem problem) => SearchPolicies.Create(problem);

    [Fact]
    public void Fewer_designs_begin_where_the_limit_allows_fewer()
    {
        var policy = Create(SyntheticStudy.Problem(Study(samples: 10)));
        // 12 + 6 · 2 + 3 · 4 + 2 · 8 epochs of 200 rows are what two thirds of the limit pay for
        Assert.Equal("the limit of 16000 examples allows 12 of 40 designs in the first rung", policy.Outlook);
        var step = policy.Next(new());
        Assert.Equal(12, step.Stages.Single().Options.Count);
        Assert.Equal(policy.Outlook, step.Stages.Single().LeftOut);
    }
}

/// <summary>The contract of a comparison without a search under a limit, which lets it compare fewer seeds.</summary>
public sealed class LimitedComparisonPolicyTests : SearchPolicySuite
{
    private protected override bool FindsDesign => false;

    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%")
    {
        var study = SyntheticStudy.Of(seed: seed, finalSeeds: samples, budget: budget, policy: "comparison");
        return study with { Search = study.Search with { Limit = new(Examples: 12_000) } };
    }

    private protected override ISearchPolicy Create(SearchProblem problem) => SearchPolicies.Create(problem);

    [Theory]
    [InlineData("comparison", null, 4_000)]
    [InlineData("comparison", 24, null)]
    [InlineData("comparison", 60, 25_000)]
    [InlineData("successive-halving", null, 4_000)]
    [InlineData("successive-halving", 50, null)]
    [InlineData("successive-halving", 100, 40_000)]
    public void A_limit_is_kept_with_learning_rates_a_side_without_training_and_a_last_training(string policy, int? trials, int? examples)
    {
        var study = SyntheticStudy.Of(samples: 20, policy: policy, finalSeeds: 4, epochs: 4);
        study = study with
        {
            LearningRates = policy == "comparison" && examples is not null ? [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true)] : [],
            Search = study.Search with { Baselines = ["untrained", "full"], Refit = true, Limit = new(null, trials, examples) },
        };
        var problem = SyntheticStudy.Problem(study);
        var planned = Create(problem);
        planned.RequireFeasible();
        using var store = new InMemoryTrialStore();
        // a last training reads 120 rows, others 100
        using var pool = new InProcessWorkers(new SyntheticRunner { Instead = request => SyntheticRunner.Outcome(SyntheticRunner.Score(request), request.Key.Epochs) with { ExampleSteps = (request.Key.UsesAllRows ? 120L : 100) * request.Key.Epochs } });
        var result = new SearchSession(problem, planned, store, pool).Run(stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.All(result.Sides, side => Assert.True(side.IsScored));
        Assert.InRange(result.ExampleSteps, 1, examples ?? long.MaxValue);
        Assert.InRange(store.Trials().Count, 1, Math.Min(trials ?? int.MaxValue, planned.MaximumTrials));
        Assert.Contains(result.Warnings, warning => warning.Contains($"the limit of {study.Search.Limit} allows", StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_that_is_too_low_is_refused_with_what_is_needed()
    {
        var problem = SyntheticStudy.Problem(Study() with { Search = Study().Search with { Limit = new(Trials: 9) } });
        var refused = Assert.Throws<InvalidDataException>(Create(problem).RequireFeasible);
        Assert.Contains("too low for policy 'comparison', which needs at least 10 trials", refused.Message, StringComparison.Ordinal);
    }
}
