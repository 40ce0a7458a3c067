using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Policies;

public sealed class ComparisonPolicyTests : SearchPolicySuite
{
    private protected override bool FindsDesign => false;

    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") =>
        SyntheticStudy.Of(seed: seed, finalSeeds: samples, budget: budget, policy: "comparison");

    private protected override ISearchPolicy Create(SearchProblem problem) => new ComparisonPolicy(problem);

    [Fact]
    public void A_comparison_without_a_search_compares_each_strategy_and_the_named_designs()
    {
        var design = Designs.Design.Uniform(new Designs.StrategySet("adapter", "lora"), 6);
        var study = SyntheticStudy.Of(policy: "comparison") with { BaselineDesigns = new Dictionary<string, Designs.Design> { ["mine"] = design } };
        study = study with { Search = study.Search with { Baselines = ["mine", "full"] } };
        using var store = new InMemoryTrialStore();
        using var workers = new InProcessWorkers(new SyntheticRunner());
        var problem = SyntheticStudy.Problem(study);
        var result = new SearchSession(problem, SearchPolicies.Create(problem), store, workers).Run(stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.Empty(result.Stages);
        Assert.Equal(["adapter", "prefix", "bitfit", "lora", "mine", "full"], result.Sides.Select(side => side.Name));
        Assert.All(result.Sides, side => Assert.True(side.IsScored));
        Assert.Equal(result.Winner!.Name, store.Stages().Single().Chosen);
    }

    [Fact]
    public void The_head_alone_is_tried_once_for_each_of_its_own_rates_if_they_are_given()
    {
        var study = Study() with
        {
            HeadRateIsFixed = true,
            LearningRates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true)],
            Combinations = [.. from rate in (string[])["0.001", "0.01"] select new SettingCombination([new(null, "head-learning-rate", rate)]) { IsBase = rate == "0.001" }],
            Search = Study().Search with { Baselines = ["head"] },
        };
        using var store = new InMemoryTrialStore();
        using var workers = new InProcessWorkers(new SyntheticRunner());
        var problem = SyntheticStudy.Problem(study);
        Assert.True(new SearchSession(problem, Create(problem), store, workers).Run(stop: TestContext.Current.CancellationToken).IsComplete);
        var tried = store.Trials("Rates").Where(trial => trial.Spec.Key.Task == "left").ToLookup(trial => trial.Spec.Key.Option.Split(' ')[0], trial => trial.Spec.Key.Settings);
        Assert.Equal(["head-learning-rate: 0.001", "head-learning-rate: 0.01"], tried["head"].Order(StringComparer.Ordinal));
        Assert.Equal(4, tried["lora"].Count());
    }

    [Fact]
    public void A_learning_rate_at_which_a_trial_could_not_be_run_is_not_the_best()
    {
        var study = Study() with { LearningRates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true)] };
        using var store = new InMemoryTrialStore();
        // as a score of 0, the trial that fails would leave the lower rate a mean of 45
        using var workers = new InProcessWorkers(new SyntheticRunner
        {
            Instead = request => request.Key is { Stage: "Rates", Option: "lora at 0.0003", Task: "left" }
                ? throw new IOException("no memory")
                : SyntheticRunner.Outcome(request.Key.Option == "lora at 0.0003" ? 90 : 40, request.Key.Epochs),
        });
        var problem = SyntheticStudy.Problem(study);
        var result = new SearchSession(problem, Create(problem), store, workers).Run(stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.All(store.Trials(FinalComparison.StageName).Where(trial => trial.Spec.Key.Option == "lora"), trial => Assert.Equal(1e-3, trial.Spec.Key.LearningRate));
        Assert.NotEqual("lora at 0.0003", store.Stages().Single(stage => stage.Name == "Rates").Chosen);
    }
}
