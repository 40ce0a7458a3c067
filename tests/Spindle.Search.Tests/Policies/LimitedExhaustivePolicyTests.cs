using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Policies;

/// <summary>The contract of the paper's protocol under a limit, which lets it train fewer designs, rows and seeds.</summary>
public sealed class LimitedExhaustivePolicyTests : SearchPolicySuite
{
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") => Of(new(Examples: 120_000), 3 * samples, seed, budget);

    private protected override ISearchPolicy Create(SearchProblem problem) => SearchPolicies.Create(problem);

    [Theory]
    [InlineData(20_000, 100)]
    [InlineData(60_000, 100)]
    [InlineData(300_000, 100)]
    [InlineData(200_000, 2_000)]
    [InlineData(1_000_000, 2_000)]
    public void A_limit_of_examples_is_used_and_kept_and_what_it_left_out_is_reported(int examples, int rows)
    {
        var (result, store) = Run(Of(new(Examples: examples), samples: 20), rows);
        using (store)
        {
            Assert.InRange(result.ExampleSteps, examples / 3, examples);
            Assert.Contains(result.Warnings, warning => warning.Contains($"the limit of {examples} examples allows", StringComparison.Ordinal));
            Assert.Equal(["adapter", "prefix", "bitfit", "lora", "full"], result.Baselines.Select(side => side.Name));
            Assert.All(result.Sides, side => Assert.True(side.IsScored));
            // the options of a stage are compared under the same conditions
            foreach (var stage in result.Stages.Where(stage => stage.Compares))
            {
                Assert.Single(store.Trials(stage.Name).Select(trial => (trial.Spec.Key.TrainingRows, trial.Spec.Key.Epochs)).Distinct());
                Assert.Single(stage.Options.Where(option => option.Trials > 0).Select(option => option.Designs).Distinct());
            }

            var first = store.Trials("S0");
            // designs go before rows, and rows before epochs
            if (first.Any(trial => trial.Spec.Key.TrainingRows is not null)) Assert.Equal(2, first.Count);
            if (first.Any(trial => trial.Spec.Key.Epochs < 3)) Assert.True(first.All(trial => trial.Spec.Key.TrainingRows is { } few ? few <= 200 : rows <= 128));
        }
    }

    [Theory]
    [InlineData(170)]
    [InlineData(400)]
    [InlineData(1_500)]
    public void A_limit_of_trials_is_used_and_kept(int trials)
    {
        var study = Of(new(Trials: trials), samples: 20);
        study = study with { LearningRates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true)], Search = study.Search with { Baselines = ["untrained", "full"], FinalSeeds = 5, Refit = true } };
        if (trials == 170)
        {
            Assert.Contains("at least 194 trials", Assert.Throws<InvalidDataException>(Create(SyntheticStudy.Problem(study)).RequireFeasible).Message, StringComparison.Ordinal);
            study = study with { Search = study.Search with { Limit = new(Trials: 194) } };
        }

        var (result, store) = Run(study);
        using (store)
        {
            Assert.All(result.Sides, side => Assert.True(side.IsScored));
            Assert.InRange(store.Trials().Count, study.Search.Limit.Trials!.Value / 2, study.Search.Limit.Trials.Value);
        }
    }

    [Fact]
    public void A_limit_that_is_high_enough_changes_nothing()
    {
        var (_, free) = Run(Of(new()));
        var (result, limited) = Run(Of(new(Examples: 1_000_000, Trials: 10_000)));
        using (free)
        using (limited)
        {
            Assert.DoesNotContain(result.Warnings, warning => warning.Contains("the limit", StringComparison.Ordinal));
            Assert.Equal(StoreNumbers.Sorted(free), StoreNumbers.Sorted(limited));
            Assert.Null(Create(SyntheticStudy.Problem(Of(new(Examples: 1_000_000)))).Outlook);
        }
    }

    [Fact]
    public void What_fits_is_said_before_the_search_starts() => Assert.Equal(
        "the limit of 120000 examples allows about 2 of 20 designs per option, 3 of 3 epochs and all training rows; what a stage leaves goes to the next ones",
        Create(SyntheticStudy.Problem(Of(new(Examples: 120_000), samples: 20))).Outlook);

    [Fact]
    public void Trainings_that_diverge_and_are_repeated_are_paid_for_by_the_stages_after_them()
    {
        var (result, store) = Run(Of(new(Examples: 200_000), samples: 20), instead: request => request.Key.Stage is "S0" or "S1" or "S3"
            ? SyntheticRunner.Outcome(SyntheticRunner.Score(request), request.Key.Epochs) with { ExampleSteps = 2L * 100 * request.Key.Epochs, Diverged = "the loss was not finite" }
            : null);
        using (store) Assert.InRange(result.ExampleSteps, 100_000, 200_000);
    }

    [Theory]
    [InlineData(null, 15_000, "at least 168 trials and 16800 examples; raise it, or write 'policy: joint'")]
    [InlineData(100, null, "at least 168 trials")]
    public void A_limit_that_allows_no_design_of_each_option_is_refused_with_what_is_needed(int? trials, int? examples, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(Create(SyntheticStudy.Problem(Of(new(null, trials, examples)))).RequireFeasible).Message, StringComparison.Ordinal);

    private static SearchStudy Of(SearchLimit limit, int samples = 2, int seed = 42, string budget = "5%")
    {
        var study = SyntheticStudy.Of(seed: seed, samples: samples, budget: budget);
        return study with { Search = study.Search with { Limit = limit } };
    }

    private static (StudyResult Result, InMemoryTrialStore Store) Run(SearchStudy study, int rows = 100, Func<TrialRequest, TrialOutcome?>? instead = null)
    {
        var problem = SyntheticStudy.Problem(study);
        problem = problem with { Tasks = [.. problem.Tasks.Select(task => task with { TrainingRows = rows, AllRows = rows * 6 / 5 })] };
        var store = new InMemoryTrialStore();
        using var pool = new InProcessWorkers(new SyntheticRunner
        {
            Instead = request => instead?.Invoke(request)
                ?? SyntheticRunner.Outcome(SyntheticRunner.Score(request), request.Key.Epochs) with { ExampleSteps = (long)(request.Key.UsesAllRows ? rows * 6 / 5 : request.Key.TrainingRows ?? rows) * request.Key.Epochs },
        });
        var policy = SearchPolicies.Create(problem);
        policy.RequireFeasible();
        var result = new SearchSession(problem, policy, store, pool).Run(stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.InRange(store.Trials().Count, 1, policy.MaximumTrials);
        return (result, store);
    }
}
