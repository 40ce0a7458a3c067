using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Policies;

/// <summary>The contract of the paper's protocol with random search among its baselines.</summary>
public sealed class RandomSearchTests : SearchPolicySuite
{
    private protected override IReadOnlyList<string> Compared => ["adapter", "prefix", "bitfit", "lora", "full", "random"];

    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") => Of("exhaustive", null, seed, samples, budget);

    private protected override ISearchPolicy Create(SearchProblem problem) => SearchPolicies.Create(problem);

    [Theory]
    [InlineData("exhaustive")]
    [InlineData("successive-halving")]
    [InlineData("joint")]
    public void Random_designs_are_trained_for_as_long_as_the_search_and_the_best_of_them_is_a_side(string policy)
    {
        var (result, store) = Run(Of(policy, null, samples: 6));
        using (store)
        {
            string[] last = ["Random", "Rates", "Final"];
            var searched = store.Stages().Where(stage => !last.Contains(stage.Name)).SelectMany(stage => store.Trials(stage.Name)).Sum(trial => trial.Spec.Key.Epochs);
            var spent = store.Trials("Random").Sum(trial => trial.Spec.Key.Epochs);
            // rounded down to whole designs of three epochs on two tasks
            Assert.InRange(spent, searched - 5, searched);
            var designs = store.Trials("Random").GroupBy(trial => trial.Spec.Key.Option).ToArray();
            Assert.All(designs, design => Assert.Equal(2, design.Count()));
            Assert.True(designs.Select(design => design.First().Spec.Plan).Distinct().Count() > designs.Length / 2);
            var best = designs.MaxBy(design => design.Average(trial => trial.Points))!;
            Assert.Equal(best.Key, result.Stages.Single(stage => stage.Name == "Random").Chosen);
            var finals = store.Trials("Final").Where(trial => trial.Spec.Key.Option == "random").ToArray();
            Assert.Equal(4, finals.Length);
            Assert.All(finals, trial => Assert.Equal(best.First().Spec.Plan, trial.Spec.Plan));
            Assert.True(result.Sides.Single(side => side.Name == "random") is { IsScored: true, Role: OptionRole.Baseline });
        }
    }

    [Theory]
    [InlineData("exhaustive")]
    [InlineData("successive-halving")]
    [InlineData("joint")]
    [InlineData("comparison")]
    public void As_many_random_designs_are_trained_as_are_named_and_the_best_can_win(string policy)
    {
        var (result, store) = Run(Of(policy, 7), new() { Instead = request => SyntheticRunner.Outcome(request.Key.Option == "random" ? 90 : 50, request.Key.Epochs) });
        using (store)
        {
            Assert.Equal(7, store.Trials("Random").DistinctBy(trial => trial.Spec.Key.Option).Count());
            Assert.Equal("random", result.Winner!.Name);
            Assert.All(store.Trials("Random"), trial => Assert.InRange(trial.Spec.Plan.Trained!.Value, 1, result.Study.Budget));
        }
    }

    [Fact]
    public void Under_the_joint_policy_random_designs_have_random_recipes_and_the_best_keeps_its_own()
    {
        LearningRate[] rates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true), new(3e-3, 2e-4, false)];
        var (_, store) = Run(Of("joint", 30) with { LearningRates = rates });
        using (store)
        {
            var tried = store.Trials("Random").Where(trial => trial.Spec.Key.Task == "left").ToArray();
            Assert.Equal([3e-4, 1e-3, 3e-3], tried.Select(trial => trial.Spec.Key.LearningRate!.Value).Distinct().Order());
            var chosen = store.Stages().Single(stage => stage.Name == "Random").Chosen;
            Assert.All(store.Trials("Final").Where(trial => trial.Spec.Key.Option == "random"), trial => Assert.Equal(tried.Single(other => other.Spec.Key.Option == chosen).Spec.Key.LearningRate, trial.Spec.Key.LearningRate));
        }
    }

    private static SearchStudy Of(string policy, int? designs, int seed = 42, int samples = 2, string budget = "5%")
    {
        var study = SyntheticStudy.Of(seed: seed, samples: samples, budget: budget, policy: policy);
        return study with { Search = study.Search with { Baselines = ["full", "random"], RandomDesigns = designs } };
    }

    private static (StudyResult Result, InMemoryTrialStore Store) Run(SearchStudy study, SyntheticRunner? runner = null)
    {
        var problem = SyntheticStudy.Problem(study);
        var store = new InMemoryTrialStore();
        using var pool = new InProcessWorkers(runner ?? new());
        var policy = SearchPolicies.Create(problem);
        var result = new SearchSession(problem, policy, store, pool).Run(stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.InRange(store.Trials().Count, 1, policy.MaximumTrials);
        return (result, store);
    }
}
