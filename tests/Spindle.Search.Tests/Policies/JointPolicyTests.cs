using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Policies;

public sealed class JointPolicyTests : SearchPolicySuite
{
    private static readonly LearningRate[] Rates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true), new(3e-3, 2e-4, false)];

    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") =>
        SyntheticStudy.Of(seed: seed, samples: samples, budget: budget, policy: "joint", epochs: 4) with { LearningRates = Rates };

    private protected override ISearchPolicy Create(SearchProblem problem) => new JointPolicy(problem);

    [Fact]
    public void Every_side_is_tried_at_the_same_learning_rates_and_full_fine_tuning_at_its_own()
    {
        var (result, store) = Run(Study());
        using (store)
        {
            var tried = store.Trials("rung 1").GroupBy(trial => trial.Spec.Key.Option.Split(" at ")[0]).ToDictionary(side => side.Key, side => side.Select(trial => trial.Spec.Key.LearningRate!.Value).Distinct().Order().ToArray());
            Assert.Equal(["adapter", "prefix", "bitfit", "lora", "full", "design 1", "design 2"], tried.Keys);
            Assert.All(tried, side => Assert.Equal(side.Key == "full" ? [2e-5, 5e-5, 2e-4] : [3e-4, 1e-3, 3e-3], side.Value));
            Assert.Equal([21, 11, 6], result.Stages.Select(stage => stage.Options.Count));
        }
    }

    [Fact]
    public void A_rung_keeps_the_better_half_and_the_comparison_uses_the_best_rate_of_each_side()
    {
        // lora is best, and best at the highest rate
        var (result, store) = Run(Study(), new() { Instead = request => SyntheticRunner.Outcome(Score(request), request.Key.Epochs) });
        using (store)
        {
            Assert.Equal("lora", result.Winner!.Name);
            Assert.All(store.Trials(FinalComparison.StageName).Where(trial => trial.Spec.Key.Option == "lora"), trial => Assert.Equal(3e-3, trial.Spec.Key.LearningRate));
            foreach (var (rung, next) in result.Stages.Zip(result.Stages.Skip(1)))
            {
                var kept = next.Options.Select(option => option.Name).ToHashSet();
                Assert.True(rung.Options.Where(option => kept.Contains(option.Name)).Min(option => option.Mean) >= rung.Options.Where(option => !kept.Contains(option.Name)).Max(option => option.Mean));
            }
        }

        static double Score(TrialRequest request) => (request.Key.Option.StartsWith("lora", StringComparison.Ordinal) ? 60 : 40) + 1000 * (request.Key.LearningRate ?? 0) + request.Key.Epochs;
    }

    [Fact]
    public void Smaller_budgets_are_tried_and_the_best_side_of_each_takes_part_in_the_comparison()
    {
        // larger budgets score better, so the smaller ones would disappear if all shared the places
        var study = Study() with { SmallerBudgets = [Budget.Parse("1%"), Budget.Parse("2%")] };
        var (result, store) = Run(study, new() { Instead = request => SyntheticRunner.Outcome(60 + (request.Plan.Trained ?? 0) / 1e3 + SyntheticRunner.Noise(request), request.Key.Epochs) });
        using (store)
        {
            var parameters = SyntheticStudy.Problem(study).Shape.Parameters;
            foreach (var rung in result.Stages) Assert.All((string[])[", 1%", ", 2%"], budget => Assert.Contains(rung.Options, option => option.Name.Contains(budget, StringComparison.Ordinal)));
            foreach (var (name, share) in (IEnumerable<(string, double)>)[(", 1%", 0.01), (", 2%", 0.02)])
            {
                var tried = store.Trials("rung 1").Where(trial => trial.Spec.Key.Option.Contains(name, StringComparison.Ordinal)).ToArray();
                Assert.Contains(tried, trial => trial.Spec.Key.Option.StartsWith("lora, ", StringComparison.Ordinal));
                Assert.All(tried, trial => Assert.InRange(trial.Spec.Plan.Trained!.Value, 1, (long)(share * parameters)));
                Assert.Single(result.Sides, side => side.Name.EndsWith(name, StringComparison.Ordinal));
            }

            // not every design has sizes for the smallest budget
            Assert.Contains(store.Trials("rung 1"), trial => trial.Spec.Key.Option.StartsWith("design 1, 2%", StringComparison.Ordinal) || trial.Spec.Key.Option.StartsWith("design 2, 2%", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Rungs_and_seeds_take_the_selection_splits_in_turn()
    {
        var (_, store) = Run(Study() with { SelectionSplits = 2 });
        using (store)
        {
            Assert.Equal([0, 1, 0], new[] { "rung 1", "rung 2", "rung 3" }.Select(rung => store.Trials(rung).Select(trial => trial.Spec.Key.Split).Distinct().Single()));
            Assert.All(store.Trials(FinalComparison.StageName), trial => Assert.Equal(trial.Spec.Key.Sample % 2, trial.Spec.Key.Split));
        }
    }

    [Theory]
    [InlineData(100, 999, 5)]
    [InlineData(800, 1000, 1)]
    [InlineData(120, 120, 1)]
    public void Few_rows_are_selected_on_in_several_splits_by_default(int training, int all, int splits)
    {
        var problem = SyntheticStudy.Problem(Study() with { SelectionSplits = null });
        Assert.Equal(splits, (problem with { Tasks = [.. problem.Tasks.Select(task => task with { TrainingRows = training, AllRows = all })] }).SelectionSplits);
    }

    [Fact]
    public void The_winner_is_trained_again_on_all_rows_and_its_weights_are_handed_back()
    {
        using var scratch = new Scratch();
        var tuned = scratch["tuned"];
        using var store = new InMemoryTrialStore();
        var study = Study() with { Search = Study().Search with { Refit = true } };
        var problem = SyntheticStudy.Problem(study);
        using var workers = new InProcessWorkers(new SyntheticRunner(), 1, tuned);
        var result = new SearchSession(problem, Create(problem), store, workers, new() { TunedFolder = tuned }).Run(stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.Equal(result.Winner!.Name, result.Refit!.Name);
        var refits = store.Trials("Refit");
        Assert.Equal(problem.Tasks.Select(task => task.Name), refits.Select(trial => trial.Spec.Key.Task));
        Assert.All(refits, trial => Assert.True(trial.Spec.Key is { UsesAllRows: true, TrainingRows: null }));
        foreach (var trial in refits)
            Assert.Equal(FormattableString.Invariant($"{trial.Spec.Key.Task} {trial.Spec.Key.Seed}"), File.ReadAllText(Path.Combine(TrialWeights.TaskFolder(tuned, trial.Spec.Key.Task), "weights")));
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(60_000, 4)]
    [InlineData(3_000, 2)]
    [InlineData(2_000, 1)]
    public void The_last_training_averages_as_many_runs_as_are_asked_for_and_the_limit_allows(int? examples, int expected)
    {
        var study = Study() with { Search = Study().Search with { Refit = true, RefitRuns = 4, FinalEpochs = 2, Limit = new(Examples: examples) } };
        var (result, store) = Run(study);
        using (store)
        {
            Assert.True(result.IsComplete);
            var refits = store.Trials("Refit");
            Assert.NotEmpty(refits);
            Assert.All(refits, trial => Assert.Equal(expected, trial.Spec.Key.AveragedRuns));
            Assert.True(result.ExampleSteps <= (examples ?? long.MaxValue));
        }
    }

    [Fact]
    public void A_design_that_trains_the_same_as_a_strategy_alone_is_left_out()
    {
        var study = SyntheticStudy.Of(samples: 20, groups: 2, strategies: ["bitfit", "lora"], budget: "20%", policy: "joint");
        var drawn = StageSampler.Draw(SyntheticStudy.Problem(study), Stage.AnyDesign, 20)[0].Designs.Count(design => IsBitFitEverywhere(design.Plan));
        var (_, store) = Run(study);
        using (store)
        {
            var designs = store.Trials("rung 1").Where(trial => trial.Spec.Key.Option.StartsWith("design", StringComparison.Ordinal)).ToArray();
            Assert.InRange(drawn, 1, 19);
            Assert.Equal(20 - drawn, designs.DistinctBy(trial => trial.Spec.Key.Option).Count());
            Assert.DoesNotContain(designs, trial => IsBitFitEverywhere(trial.Spec.Plan));
        }

        static bool IsBitFitEverywhere(TuningPlan plan) => plan is TuningPlan.Sized { Layers.Count: 6 } sized && sized.Layers.All(layer => layer.Strategies is [{ Name: "bitfit" }]);
    }

    [Fact]
    public void The_head_alone_is_tried_once_if_its_rate_is_fixed()
    {
        var study = Study() with { HeadRateIsFixed = true, Search = Study().Search with { Baselines = ["head"] } };
        var (_, store) = Run(study);
        using (store)
        {
            var tried = store.Trials("rung 1").Select(trial => trial.Spec.Key).DistinctBy(key => key.Option).ToArray();
            Assert.Equal(1e-3, Assert.Single(tried, key => key.Option.StartsWith("head at", StringComparison.Ordinal)).LearningRate);
            Assert.Equal(3, tried.Count(key => key.Option.StartsWith("lora at", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_side_that_is_scored_without_training_is_compared_and_can_win()
    {
        var study = Study() with { Search = Study().Search with { Baselines = ["untrained", "head", "all", "paper"] } };
        var (result, store) = Run(study, new() { Instead = request => SyntheticRunner.Outcome(request.Key.Epochs == 0 ? 90 : 50, request.Key.Epochs) });
        using (store)
        {
            Assert.Equal(["adapter", "prefix", "bitfit", "lora", "head", "all", "paper", "untrained"], result.Baselines.Select(side => side.Name));
            Assert.Equal("untrained", result.Winner!.Name);
            Assert.Equal(0, result.Winner.Trained);
            Assert.DoesNotContain(store.Trials("rung 1"), trial => trial.Spec.Key.Option == "untrained");
        }
    }

    [Theory]
    [InlineData(600)]
    [InlineData(2_000)]
    [InlineData(8_000)]
    [InlineData(30_000)]
    [InlineData(100_000)]
    public void A_limit_of_examples_is_kept_and_what_it_left_out_is_reported(int examples)
    {
        var study = Study(samples: 20) with { Search = Study(samples: 20).Search with { Limit = new(Examples: examples), Refit = true } };
        var (result, store) = Run(study);
        using (store)
        {
            Assert.True(result.IsComplete);
            Assert.InRange(result.ExampleSteps, examples / 3, examples);
            Assert.Equal(examples < 100_000, result.Warnings.Any(warning => warning.Contains($"the limit of {examples} examples", StringComparison.Ordinal)));
            // each side of the first rung has the same number of rates
            Assert.Single(store.Trials("rung 1").GroupBy(trial => trial.Spec.Key.Option.Split(" at ")[0]).Select(side => side.Select(trial => trial.Spec.Key.LearningRate).Distinct().Count()).Distinct());
        }
    }

    [Theory]
    [InlineData(0, "lora")]
    [InlineData(0.05, "lora")]
    [InlineData(4, "bitfit")]
    public void The_preferred_strategy_wins_at_the_studys_rate_unless_another_leads_it_significantly(double lead, string expected)
    {
        var study = Study() with { Search = Study().Search with { Prefer = "lora", FinalSeeds = 4, Refit = true } };
        var (result, store) = Run(study with { Settings = new Dictionary<string, string>(study.Settings) { ["search.prefer"] = "lora" } }, new()
        {
            // a noise of one point that sides do not share
            Instead = request => SyntheticRunner.Outcome(70 + (request.Key.Option.StartsWith("bitfit", StringComparison.Ordinal) ? lead : 0) + DerivedSeed.Derive(1, request.Key.ToString()) % 1000 / 1000.0, request.Key.Epochs),
        });
        using (store)
        {
            Assert.Equal(expected, result.Winner!.Name);
            Assert.Equal(expected, result.Refit!.Name);
            Assert.All(store.Trials("Final").Where(trial => trial.Spec.Key.Option == "lora"), trial => Assert.Equal(1e-3, trial.Spec.Key.LearningRate));
        }
    }

    [Fact]
    public void A_preferred_strategy_that_scores_below_the_model_without_training_is_not_preferred()
    {
        var study = Study() with { Search = Study().Search with { Prefer = "lora", FinalSeeds = 1, Baselines = [BaselineNames.Untrained] } };
        var (result, store) = Run(study with { Settings = new Dictionary<string, string>(study.Settings) { ["search.prefer"] = "lora" } }, new()
        {
            Instead = request => SyntheticRunner.Outcome(request.Key.Option == BaselineNames.Untrained ? 72 : request.Key.Option.StartsWith("bitfit", StringComparison.Ordinal) ? 73 : 70, request.Key.Epochs),
        });
        using (store)
        {
            Assert.Equal("bitfit", result.Winner!.Name);
            Assert.Null(result.Preferred);
        }
    }

    [Fact]
    public void The_simplest_side_is_measured_from_the_best_and_not_from_a_preferred_winner()
    {
        var study = Study() with { Search = Study().Search with { Prefer = "lora", FinalSeeds = 1 } };
        var (result, store) = Run(study with { Settings = new Dictionary<string, string>(study.Settings) { ["search.prefer"] = "lora" } }, new()
        {
            Instead = request => SyntheticRunner.Outcome(request.Key.Option.StartsWith("bitfit", StringComparison.Ordinal) ? 73 : 70, request.Key.Epochs),
        });
        // one seed has no standard error, so no side is as good as another
        using (store) Assert.Equal(("lora", "bitfit", "lora"), (result.Winner!.Name, result.Best!.Name, result.Simplest!.Name));
    }

    [Fact]
    public void A_lead_over_the_preferred_strategy_that_is_the_same_with_every_seed_may_be_chance()
    {
        var study = Study() with { Search = Study().Search with { Prefer = "lora", FinalSeeds = 4 } };
        var (result, store) = Run(study with { Settings = new Dictionary<string, string>(study.Settings) { ["search.prefer"] = "lora" } }, new()
        {
            Instead = request => SyntheticRunner.Outcome(70 + (request.Key.Option.StartsWith("bitfit", StringComparison.Ordinal) ? 0.1 : 0) + SyntheticRunner.Noise(request), request.Key.Epochs),
        });
        using (store) Assert.Equal("lora", result.Winner!.Name);
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(14, 2)]
    [InlineData(40, 2)]
    [InlineData(100, 2)]
    [InlineData(40, 7)]
    [InlineData(100, 7)]
    public void A_limit_of_trials_is_kept(int trials, int seeds)
    {
        var search = Study(samples: 20).Search with { Limit = new(Trials: trials), FinalSeeds = seeds, Baselines = [BaselineNames.Untrained] };
        var (result, store) = Run(Study(samples: 20) with { Search = search });
        using (store)
        {
            Assert.True(result.IsComplete);
            Assert.InRange(store.Trials().Count, 2, trials);
        }
    }

    [Theory]
    [InlineData(40, 1)]
    [InlineData(40, 2)]
    [InlineData(400, 1)]
    public void A_limit_in_time_is_kept_by_the_speed_of_the_first_trials(int seconds, int workers)
    {
        var study = Study(samples: 20) with { Search = Study(samples: 20).Search with { Limit = new(TimeSpan.FromSeconds(seconds)), Refit = true } };
        var (result, store) = Run(study, workers: workers);
        using (store)
        {
            Assert.True(result.IsComplete);
            // a synthetic trial takes a quarter of a second for 100 rows and an epoch, however many there are
            Assert.InRange(result.TrialSeconds, 0.1 * seconds, workers * seconds);
        }
    }

    [Theory]
    [InlineData(3, null, "3 trials", "needs at least 4 trials and ")]
    [InlineData(null, 10L, "10 examples", "needs at least 6 trials and ")]
    public void A_limit_that_allows_no_comparison_is_refused_before_anything_is_trained(int? trials, long? examples, string limit, string needed)
    {
        var study = Study() with { Search = Study().Search with { Limit = new(Trials: trials, Examples: examples), Refit = examples is not null } };
        var error = Assert.Throws<InvalidDataException>(() => Create(SyntheticStudy.Problem(study)).RequireFeasible());
        Assert.Contains($"the limit of {limit} is too low", error.Message, StringComparison.Ordinal);
        Assert.Contains(needed, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_becomes_slow_in_the_comparison_still_trains_the_winner_again()
    {
        var study = Study(samples: 20) with { Search = Study(samples: 20).Search with { Limit = new(TimeSpan.FromSeconds(100)), FinalSeeds = 9, Refit = true } };
        var (result, store) = Run(study, new()
        {
            Instead = request => SyntheticRunner.Outcome(SyntheticRunner.Score(request), request.Key.Epochs) with { Seconds = (request.Key.Stage == "Final" ? 0.75 : 0.25) * request.Key.Epochs },
        });
        using (store)
        {
            Assert.NotNull(result.Refit);
            Assert.InRange(result.TrialSeconds, 50, 100);
            Assert.Contains(result.Warnings, warning => warning.Contains("of 9 seeds", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_a_limit_in_time_allows_is_said_once_the_first_training_has_ended()
    {
        var study = Study(samples: 20) with { Search = Study(samples: 20).Search with { Limit = new(TimeSpan.FromSeconds(400)) } };
        var policy = Create(SyntheticStudy.Problem(study));
        Assert.Contains("the first training measures the speed", policy.Outlook, StringComparison.Ordinal);
        var said = new List<(int Done, string? Outlook)>();
        var problem = SyntheticStudy.Problem(study);
        using var store = new InMemoryTrialStore();
        using var pool = new InProcessWorkers(new SyntheticRunner(), 1);
        new SearchSession(problem, Create(problem), store, pool).Run(new Listener(said), TestContext.Current.CancellationToken);
        Assert.All(said.Where(report => report.Done == 0), report => Assert.Null(report.Outlook));
        Assert.StartsWith("at 400 rows a second, the limit of 6 min 40 s allows ", said.First(report => report.Outlook is not null).Outlook, StringComparison.Ordinal);
    }

    // 400 rows a second; a contender trains at most 100 rows on each of two tasks, and a final training five epochs
    [Theory]
    [InlineData(400, @"training rows\), and then about \d\d+ trainings as long as the final ones, of the best among them$")]
    [InlineData(6, @"training rows\), and then about 1 training as long as the final ones, of the best among them$")]
    [InlineData(2, "training rows\\), and then trainings of the best among them that are shorter than the final ones should be$")]
    [InlineData(1, "training rows\\); even the shortest search takes longer than the limit, about 2 s of training in all$")]
    public void What_is_left_after_the_first_rung_is_said_in_words_that_fit_it(int seconds, string end)
    {
        var study = Study(samples: 20) with { Search = Study(samples: 20).Search with { Limit = new(TimeSpan.FromSeconds(seconds)) } };
        var said = new List<(int Done, string? Outlook)>();
        var problem = SyntheticStudy.Problem(study);
        using var store = new InMemoryTrialStore();
        using var pool = new InProcessWorkers(new SyntheticRunner(), 1);
        new SearchSession(problem, Create(problem), store, pool).Run(new Listener(said), TestContext.Current.CancellationToken);
        Assert.Matches(end, said.First(report => report.Outlook is not null).Outlook);
    }

    private sealed class Listener(List<(int Done, string? Outlook)> said) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value) => said.Add((value.Done, value.Outlook));
    }

    [Fact]
    public void Among_many_equal_sides_with_noise_the_best_strategy_alone_is_always_compared()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (result, store) = Run(Study(seed) with { Search = Study(seed).Search with { Limit = new(Examples: 30_000) } });
            using (store)
            {
                // strategies alone, from the best of the last rung to the worst of the first
                var plain = result.Stages.Reverse().SelectMany(rung => rung.Options.OrderByDescending(option => option.Mean)).Select(option => option.Name.Split(" at ")[0]).Where(Study().Space.Strategies.Contains);
                Assert.Contains(result.Sides, side => side.IsScored && side.Name == plain.First());
            }
        }
    }

    private (StudyResult Result, InMemoryTrialStore Store) Run(SearchStudy study, SyntheticRunner? runner = null, int workers = 1)
    {
        var problem = SyntheticStudy.Problem(study) with { Workers = workers };
        var store = new InMemoryTrialStore();
        using var pool = new InProcessWorkers(runner ?? new(), workers);
        return (new SearchSession(problem, Create(problem), store, pool).Run(stop: TestContext.Current.CancellationToken), store);
    }
}

/// <summary>The same contract under a limit, which lets the policy plan fewer designs, rates, rows and seeds.</summary>
public sealed class LimitedJointPolicyTests : SearchPolicySuite
{
    // by their last rung
    private protected override IReadOnlyList<string> Compared => ["adapter", "prefix", "bitfit", "lora", "full"];

    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%")
    {
        var study = SyntheticStudy.Of(seed: seed, samples: samples, budget: budget, policy: "joint", epochs: 4);
        return study with { LearningRates = [new(3e-4, 2e-5, false), new(1e-3, 5e-5, true), new(3e-3, 2e-4, false)], Search = study.Search with { Limit = new(Examples: 30_000) } };
    }

    private protected override ISearchPolicy Create(SearchProblem problem) => new JointPolicy(problem);
}
