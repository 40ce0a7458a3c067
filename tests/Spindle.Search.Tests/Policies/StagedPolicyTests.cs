using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Policies;

/// <summary>The contract for the stages as races, and what they share.</summary>
public sealed class StagedPolicyTests : SearchPolicySuite
{
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") => SyntheticStudy.Of(seed: seed, samples: samples, budget: budget, policy: "staged");

    private protected override ISearchPolicy Create(SearchProblem problem) => SearchPolicies.Create(problem);

    [Fact]
    public void The_stages_and_options_are_those_of_the_paper()
    {
        var (paper, store) = Run(SyntheticStudy.Of());
        using (store)
        {
            var (staged, own) = Run(Study());
            using (own)
                Assert.Equal(
                    paper.Stages.Take(4).SelectMany(stage => stage.Options.Select(option => (stage.Name, option.Name, option.Description))),
                    staged.Stages.Take(4).SelectMany(stage => stage.Options.Select(option => (stage.Name, option.Name, option.Description))));
        }
    }

    [Fact]
    public void A_later_stage_counts_the_trials_of_an_earlier_one_that_satisfy_what_was_fixed_and_trains_none_twice()
    {
        var (result, store) = Run(Study(samples: 4));
        using (store)
        {
            Trial[] stages = [.. store.Trials().Where(trial => trial.Spec.Key.Stage is not FinalComparison.StageName)];
            Assert.Equal(stages.Length, stages.DistinctBy(trial => (trial.Spec.Plan, trial.Spec.Key.Sample, trial.Spec.Key.Task)).Count());

            // in every sample, the design that S1 trained with the kept grouping has one of the allocations
            var record = store.Stages().Single(stage => stage.Name == "S2");
            Assert.Equal(record.Options.Max(option => option.Designs), record.Options.SelectMany(option => option.Reused).Select(design => design.Sample).Distinct().Count());
            Assert.All(record.Options.SelectMany(option => option.Reused), design => Assert.Equal(("S1", result.Stages[1].Chosen), (design.Stage, design.Option)));
            foreach (var option in record.Options)
            {
                var trials = store.Trials().Where(trial => option.Counts("S2", trial.Spec.Key)).ToArray();
                Assert.Equal(2 * option.Designs, trials.Length);
                Assert.All(trials, trial => Assert.Equal(option.Name, Spindle.Designs.Text.KebabCase.From(((Spindle.Designs.Plans.TuningPlan.Sized)trial.Spec.Plan).Design!.Allocation.Pattern)));
                // its mean is over both
                Assert.Equal(trials.Average(trial => trial.Points), result.Stages[2].Options.Single(other => other.Name == option.Name).Mean!.Value, 1e-9);
            }
        }
    }

    [Fact]
    public void The_same_sample_of_a_stage_differs_in_the_option_only_and_has_the_same_seed()
    {
        var (_, store) = Run(Study());
        using (store)
            foreach (var trials in store.Trials("S1").GroupBy(trial => (trial.Spec.Key.Sample, trial.Spec.Key.Task)))
            {
                Assert.Single(trials.Select(trial => trial.Spec.Key.Seed).Distinct());
                Assert.Single(trials.Select(trial => ((Spindle.Designs.Plans.TuningPlan.Sized)trial.Spec.Plan).Design!).Select(design => (design.Allocation, design.Strategies)).Distinct());
            }
    }

    [Fact]
    public void What_was_dropped_and_how_a_stage_ended_is_kept_in_the_store()
    {
        // noise of each design, without which the lead is the same in every sample and shows nothing about chance
        var (result, store) = Run(Study(samples: 12), new()
        {
            Instead = request => SyntheticRunner.Outcome(SyntheticRunner.Score(request) + (DerivedSeed.Derive(request.Key.Seed, request.Plan.ToString()!) % 1000 / 1000.0), request.Key.Epochs),
        });
        using (store)
        {
            var grouping = result.Stages[1];
            Assert.Equal(("spindle", RaceEnd.OneLeft, true), (grouping.Chosen, grouping.Race!.End, grouping.IsCertain));
            Assert.All(grouping.Options, option => Assert.Equal(option.Name == "spindle", option.Dropped is null));
            Assert.All(grouping.Options.Where(option => option.Dropped is not null), option => Assert.Equal(option.Dropped!.Designs, option.Designs));
            Assert.InRange(grouping.Options.Max(option => option.Designs), 2, 11);
            Assert.Equal(grouping.Race, store.Stages()[1].Race);
        }
    }

    [Fact]
    public void A_race_of_one_design_keeps_the_best_mean_as_the_paper_does()
    {
        var (result, store) = Run(Study(samples: 1));
        using (store)
            foreach (var stage in result.Stages.Where(stage => stage.Options.Count > 1))
            {
                Assert.Equal(stage.Options.MaxBy(option => option.Mean)!.Name, stage.Chosen);
                Assert.Null(stage.IsCertain);
            }
    }

    [Fact]
    public void A_race_of_which_more_designs_would_show_nothing_ends_and_is_not_called_certain()
    {
        // whatever a design is, a spindle scores as much more than the others
        var (result, store) = Run(Study(samples: 12));
        using (store)
        {
            Assert.Equal((RaceEnd.Constant, "spindle", null), (result.Stages[1].Race!.End, result.Stages[1].Chosen, result.Stages[1].IsCertain));
            Assert.All(result.Stages[1].Options, option => Assert.Equal(3, option.Designs));
        }
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 2 })]
    [InlineData(4, new[] { 2, 3, 4 })]
    [InlineData(100, new[] { 2, 3, 4, 6, 9, 13, 19, 28, 42, 63, 100 })]
    public void Rounds_grow_by_half(int samples, int[] rounds) => Assert.Equal(rounds, StageRace.Rounds(samples));

    internal static (StudyResult Result, InMemoryTrialStore Store) Run(SearchStudy study, SyntheticRunner? runner = null)
    {
        var problem = SyntheticStudy.Problem(study);
        var policy = SearchPolicies.Create(problem);
        policy.RequireFeasible();
        var store = new InMemoryTrialStore();
        using var pool = new InProcessWorkers(runner ?? new());
        var result = new SearchSession(problem, policy, store, pool).Run(stop: TestContext.Current.CancellationToken);
        Assert.InRange(store.Trials().Count, 1, policy.MaximumTrials);
        return (result, store);
    }
}

/// <summary>The contract under a limit.</summary>
public sealed class LimitedStagedPolicyTests : SearchPolicySuite
{
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") => Of(new(Examples: 120_000), 3 * samples, seed, budget);

    private protected override ISearchPolicy Create(SearchProblem problem) => SearchPolicies.Create(problem);

    [Theory]
    [InlineData(20_000, null)]
    [InlineData(60_000, null)]
    [InlineData(300_000, null)]
    [InlineData(null, 200)]
    [InlineData(null, 600)]
    public void A_limit_is_kept_and_what_it_left_out_is_reported(int? examples, int? trials)
    {
        var (result, store) = StagedPolicyTests.Run(Of(new(null, trials, examples), 20));
        using (store)
        {
            Assert.True(result.IsComplete);
            Assert.InRange(result.ExampleSteps, 1, examples ?? long.MaxValue);
            Assert.InRange(store.Trials().Count, 1, trials ?? int.MaxValue);
            Assert.Contains(result.Warnings, warning => warning.Contains("allows at most", StringComparison.Ordinal));
            Assert.All(result.Sides, side => Assert.True(side.IsScored));
        }
    }

    private static SearchStudy Of(SearchLimit limit, int samples, int seed = 42, string budget = "5%")
    {
        var study = SyntheticStudy.Of(seed: seed, samples: samples, budget: budget, policy: "staged");
        return study with { Search = study.Search with { Limit = limit } };
    }
}
