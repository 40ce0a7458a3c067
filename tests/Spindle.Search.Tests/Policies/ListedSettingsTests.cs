using Spindle.Designs.Plans;
using Spindle.Designs.Strategies;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;
using Spindle.Tests.Costs;

namespace Spindle.Search.Tests.Policies;

/// <summary>The contract of policies for a study that lists batch sizes, epochs and an option of LoRA that doubles its cost, under the joint policy.</summary>
public sealed class ListedSettingsTests : SearchPolicySuite
{
    private static readonly LearningRate[] Rates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true)];

    // by their last rung
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") => Of("joint", seed, samples, budget);

    private protected override ISearchPolicy Create(SearchProblem problem) => SearchPolicies.Create(problem);

    [Theory]
    [InlineData("joint", "rung 1")]
    [InlineData("comparison", "Rates")]
    [InlineData("successive-halving", "Rates")]
    public void Every_side_is_tried_with_every_combination_that_differs_for_it(string policy, string stage)
    {
        var (_, store) = Run(Of(policy));
        using (store)
        {
            var tried = store.Trials(stage).Where(trial => trial.Spec.Key.Task == "left").GroupBy(trial => trial.Spec.Key.Option.Split(' ')[0]).ToDictionary(side => side.Key, side => side.ToArray());
            // two rates and two batch sizes; LoRA has two alphas too
            Assert.Equal((4, 4, 8), (tried["bitfit"].Length, tried["full"].Length, tried["lora"].Length));
            Assert.Equal(["batch-size: 16", "batch-size: 8"], tried["bitfit"].Select(trial => trial.Spec.Key.Settings).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(["batch-size: 8, lora: {alpha: 1}", "batch-size: 8, lora: {alpha: 2}"], tried["lora"].Select(trial => trial.Spec.Key.Settings!).Where(settings => settings.Contains(" 8", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
            // the sizes fit the budget with the option's costs
            var sizes = tried["lora"].ToLookup(trial => trial.Spec.Key.Settings!.Contains("alpha: 2", StringComparison.Ordinal), trial => ((TuningPlan.Sized)trial.Spec.Plan).Layers[0].Strategies[0].Size);
            Assert.True(sizes[true].Max() < sizes[false].Min());
            Assert.Equal(tried["lora"].Length, tried["lora"].DistinctBy(trial => (trial.Spec.Key.LearningRate, trial.Spec.Key.Settings)).Count());
        }
    }

    [Theory]
    [InlineData("joint")]
    [InlineData("comparison")]
    public void The_comparison_and_the_last_training_use_the_best_values_of_each_side_and_the_result_names_them(string policy)
    {
        var study = Of(policy);
        study = study with { Search = study.Search with { Refit = true } };
        var (result, store) = Run(study, new() { Instead = request => SyntheticRunner.Outcome(Score(request), request.Key.Epochs) });
        using (store)
        {
            Assert.Equal("lora", result.Winner!.Name);
            foreach (var trial in store.Trials(FinalComparison.StageName).Concat(store.Trials("Refit")).Where(trial => trial.Spec.Key.Option == "lora"))
                Assert.Equal((3e-4, "batch-size: 8, lora: {alpha: 2}"), (trial.Spec.Key.LearningRate, trial.Spec.Key.Settings));
            Assert.All(store.Trials(FinalComparison.StageName).Where(trial => trial.Spec.Key.Option == "bitfit"), trial => Assert.Equal("batch-size: 16", trial.Spec.Key.Settings));
            Assert.Equal("learning rate 0.0003, batch-size: 8, lora: {alpha: 2}", result.Sides.Single(side => side.Name == "lora").Recipe);
            Assert.NotEmpty(store.Trials("Refit"));
        }

        static double Score(TrialRequest request) => request.Key.Option.StartsWith("lora", StringComparison.Ordinal)
            ? 50 + (request.Key.Settings!.Contains("size: 8,", StringComparison.Ordinal) ? 10 : 0) + (request.Key.Settings.Contains("alpha: 2", StringComparison.Ordinal) ? 10 : 0) + (request.Key.LearningRate < 5e-4 ? 5 : 0)
            : 30 + (request.Key.Settings?.Contains("size: 16", StringComparison.Ordinal) == true ? 10 : 0);
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(20_000)]
    [InlineData(60_000)]
    public void A_limit_of_examples_holds_where_epochs_are_listed_too(int examples)
    {
        var study = Of("joint", samples: 10);
        study = study with
        {
            Combinations = [.. from epochs in (int[])[4, 2, 10] from settings in study.Combinations select settings with { IsBase = settings.IsBase && epochs == 4, EpochFactor = epochs / 4.0, Values = [new(null, "epochs", $"{epochs}"), .. settings.Values] }],
            Search = study.Search with { Limit = new(Examples: examples), Refit = true },
        };
        var (result, store) = Run(study);
        using (store)
        {
            Assert.True(result.IsComplete);
            Assert.InRange(result.ExampleSteps, examples / 5, examples);
            // what the last training may cost was set aside, however many epochs the winner has
            Assert.NotNull(result.Refit);
            Assert.Single(store.Trials("rung 1").Where(trial => trial.Spec.Key.Option.Contains("bitfit", StringComparison.Ordinal)).Select(trial => trial.Spec.Key.TrainingRows).Distinct());
        }
    }

    [Fact]
    public void Listed_epochs_scale_the_epochs_of_rungs_and_of_the_comparison()
    {
        var study = Of("joint") with { Combinations = [Epochs(4, isBase: true), Epochs(8, isBase: false)] };
        var (_, store) = Run(study, new() { Instead = request => SyntheticRunner.Outcome(request.Key.Settings == "epochs: 8" ? 80 : 40, request.Key.Epochs) });
        using (store)
        {
            Assert.Equal([("epochs: 4", 1), ("epochs: 8", 2)], store.Trials("rung 1").Select(trial => (trial.Spec.Key.Settings!, trial.Spec.Key.Epochs)).Distinct().Order());
            Assert.All(store.Trials(FinalComparison.StageName), trial => Assert.Equal(10, trial.Spec.Key.Epochs));
        }

        static SettingCombination Epochs(int epochs, bool isBase) => new([new(null, "epochs", $"{epochs}")]) { IsBase = isBase, EpochFactor = epochs / 4.0 };
    }

    private static SearchStudy Of(string policy, int seed = 42, int samples = 2, string budget = "5%")
    {
        var costly = StrategyCosts.Of([.. TestCosts.All.Names.Select(name => TestCosts.All[name]).Where(cost => cost.Name != "lora"), new Doubled(TestCosts.All["lora"])]);
        return SyntheticStudy.Of(seed: seed, samples: samples, budget: budget, policy: policy, epochs: 4) with
        {
            LearningRates = Rates,
            Combinations =
            [
                .. from batch in (int[])[16, 8]
                   from alpha in (int[])[1, 2]
                   select new SettingCombination([new(null, "batch-size", $"{batch}"), new("lora", "alpha", $"{alpha}")]) { IsBase = batch == 16 && alpha == 1, Costs = alpha == 2 ? costly : TestCosts.All },
            ],
        };
    }

    private static (StudyResult Result, InMemoryTrialStore Store) Run(SearchStudy study, SyntheticRunner? runner = null)
    {
        var problem = SyntheticStudy.Problem(study);
        var store = new InMemoryTrialStore();
        using var pool = new InProcessWorkers(runner ?? new());
        var policy = SearchPolicies.Create(problem);
        var result = new SearchSession(problem, policy, store, pool).Run(stop: TestContext.Current.CancellationToken);
        Assert.InRange(store.Trials().Count, 1, policy.MaximumTrials);
        return (result, store);
    }

    private sealed class Doubled(IStrategyCost cost) : IStrategyCost
    {
        public string Name => cost.Name;

        public string? SizeName => cost.SizeName;

        public int MaximumSize(Designs.Shapes.LayerShape layer) => cost.MaximumSize(layer);

        public long Parameters(Designs.Shapes.LayerShape layer, int size) => 2 * cost.Parameters(layer, size);
    }
}
