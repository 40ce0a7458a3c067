using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Execution;

public sealed class SearchSessionTests
{
    [Fact]
    public void A_search_goes_from_the_first_stage_to_the_final_comparison()
    {
        var study = SyntheticStudy.Of();
        using var store = new InMemoryTrialStore();
        var result = Search(study, store, new SyntheticRunner());

        Assert.True(result.IsComplete);
        Assert.Equal(["S0", "S1", "S2", "S3", "S4.G1", "S4.G2", "S4.G3", "S4.G4"], result.Stages.Select(stage => stage.Name));
        Assert.Equal("spindle", result.Stages[1].Chosen);
        Assert.Equal("uniform", result.Stages[2].Chosen);
        Assert.Equal("all", result.Stages[3].Chosen);
        Assert.Equal(GroupingPattern.Spindle, result.Plan!.Design!.Grouping.Pattern);
        Assert.Contains("lora", result.Plan!.Design!.Strategies.Groups[0]);
        Assert.Contains("adapter", result.Plan!.Design!.Strategies.Groups[1]);
        Assert.Equal(["adapter", "prefix", "bitfit", "lora", "full"], result.Baselines.Select(baseline => baseline.Name));
        Assert.Equal(result.Plan!.Parameters, result.Found!.Trained);
        Assert.InRange(result.Found.Trained!.Value, 1, result.Study.Budget);
        // 1 + 5 + 3 + 9 + 4·15 options, of 6 layers all five groupings differ
        Assert.Equal((78 * 2 * 2) + (6 * 2 * 2), result.Trials);
        Assert.Equal((78L * 2 * 2 * 300) + (6 * 2 * 2 * 500), result.ExampleSteps);
        Assert.All(store.Trials(), trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    [Fact]
    public void The_option_with_the_best_mean_over_designs_and_tasks_is_kept()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(samples: 3), store, new SyntheticRunner());
        foreach (var stage in result.Stages)
        {
            Assert.Equal(stage.Options.MaxBy(option => option.Mean)!.Name, stage.Chosen);
            foreach (var option in stage.Options)
            {
                var points = store.Trials(stage.Name).Where(trial => trial.Spec.Key.Option == option.Name).Select(trial => trial.Points).ToArray();
                Assert.Equal(6, points.Length);
                Assert.Equal(points.Average(), option.Mean!.Value, 9);
            }
        }
    }

    [Fact]
    public void Of_equally_good_options_the_first_is_kept()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner { Instead = request => SyntheticRunner.Outcome(70, request.Key.Epochs) });
        Assert.All(result.Stages, stage => Assert.Equal(stage.Options[0].Name, stage.Chosen));
    }

    [Fact]
    public void Trials_pair_up_by_seed_between_sides_and_between_the_options_of_a_stage()
    {
        using var store = new InMemoryTrialStore();
        Search(SyntheticStudy.Of(finalSeeds: 3), store, new SyntheticRunner());
        var final = store.Trials(FinalComparison.StageName);
        Assert.Equal(6 * 3 * 2, final.Count);
        Assert.All(final.GroupBy(trial => (trial.Spec.Key.Sample, trial.Spec.Key.Task)), pair => Assert.Single(pair.Select(trial => trial.Spec.Key.Seed).Distinct()));
        Assert.Equal(3 * 2, final.Select(trial => trial.Spec.Key.Seed).Distinct().Count());
        Assert.All(final, trial => Assert.Equal(5, trial.Spec.Key.Epochs));
        Assert.Equal(final.Where(trial => trial.Spec.Key.Option != FinalComparison.Full), final.Where(trial => trial.Spec.KeepsWeights));
        var search = store.Trials().Where(trial => trial.Spec.Key.Stage != FinalComparison.StageName).ToArray();
        var pairs = search.GroupBy(trial => (trial.Spec.Key.Stage, trial.Spec.Key.Sample, trial.Spec.Key.Task)).ToArray();
        Assert.All(pairs, pair => Assert.Single(pair.Select(trial => trial.Spec.Key.Seed).Distinct()));
        Assert.Equal(pairs.Length, search.Select(trial => trial.Spec.Key.Seed).Distinct().Count());
    }

    [Fact]
    public void The_tuned_weights_of_each_sides_best_trial_are_left_and_the_winners_as_the_best()
    {
        using var scratch = new Scratch();
        var root = scratch["tuned"];
        using var store = new InMemoryTrialStore();
        var winner = Search(SyntheticStudy.Of(finalSeeds: 3), store, new SyntheticRunner(), tuned: root).Winner!;

        string[] sides = ["adapter", "best", "bitfit", "found", "lora", "prefix"];
        Assert.Equal(sides, Directory.GetFileSystemEntries(root).Select(Path.GetFileName).Order());
        Assert.All(sides, side => Assert.Equal(["family-right", "left"], Directory.GetFileSystemEntries(Path.Combine(root, side)).Select(Path.GetFileName).Order()));
        foreach (var task in (string[])["left", "family/right"])
        {
            var best = store.Trials(FinalComparison.StageName).Where(trial => trial.Spec.Key.Option == winner.Name && trial.Spec.Key.Task == task).MaxBy(trial => trial.Points)!;
            Assert.Equal(FormattableString.Invariant($"{task} {best.Spec.Key.Seed}"), File.ReadAllText(Path.Combine(TrialWeights.TaskFolder(root, task), "weights")));
        }

        Assert.Empty(store.Notes());
        // nothing is to be done any more, and nothing is
        var idle = new SyntheticRunner();
        Assert.True(Search(SyntheticStudy.Of(finalSeeds: 3), store, idle, tuned: root).IsComplete);
        Assert.Equal(0, idle.Runs);
        Assert.Equal(sides, Directory.GetFileSystemEntries(root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_plain_strategy_that_scores_better_than_the_found_design_is_the_winner()
    {
        using var scratch = new Scratch();
        var root = scratch["tuned"];
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner { Favourite = "bitfit" }, tuned: root);
        Assert.Equal("bitfit", result.Winner!.Name);
        Assert.True(result.Winner.Mean >= result.Found!.Mean);
        Assert.All(result.Baselines.Where(side => side.Role == OptionRole.Baseline), side => Assert.True(result.Winner.Mean >= side.Mean));
        foreach (var task in (string[])["left", "family-right"])
            Assert.Equal(File.ReadAllText(Path.Combine(root, "bitfit", task, "weights")), File.ReadAllText(Path.Combine(root, TrialWeights.Best, task, "weights")));
    }

    [Fact]
    public void Of_sides_that_score_the_same_the_one_with_the_fewest_parameters_wins()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner { Instead = request => SyntheticRunner.Outcome(70, request.Key.Epochs) });
        var fewest = result.Sides.Where(side => side.Role != OptionRole.FullFineTuning).Min(side => side.Trained);
        Assert.Equal(fewest, result.Winner!.Trained);
        Assert.Equal(result.Winner, result.Simplest);
    }

    [Theory]
    [InlineData("../../etc", "-..-..-etc")]
    [InlineData("..", "-..")]
    [InlineData("/root", "-root")]
    [InlineData("builtin/similarity", "builtin-similarity")]
    [InlineData("", "-")]
    public void No_task_name_leads_out_of_the_tuned_folder(string task, string folder) =>
        Assert.Equal(Path.Combine("root", TrialWeights.Best, folder), TrialWeights.TaskFolder("root", task));

    [Fact]
    public void A_training_that_diverges_is_kept_as_failed_and_the_search_goes_on()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner
        {
            Instead = request => IsOneOfEight(request) ? SyntheticRunner.Outcome(null, 1, "the loss is not a number") : null,
        });

        Assert.True(result.IsComplete);
        var diverged = store.Trials().Where(trial => trial.State == TrialState.Diverged).ToArray();
        Assert.NotEmpty(diverged);
        Assert.Equal(diverged.Length, result.Failed);
        Assert.All(diverged, trial => Assert.Equal("the loss is not a number", trial.Failure));
        Assert.Contains(result.Warnings, warning => warning.Contains("score as guessing does", StringComparison.Ordinal));
        // guessing scores 0 on one of the two tasks, and every other trial more than 60
        Assert.Contains(result.Stages.SelectMany(stage => stage.Options), option => option is { Failed: 1, Mean: < 60 });
        Assert.All(diverged, trial => Assert.Equal(store.Study!.Tasks.First(task => task.Name == trial.Spec.Key.Task).Chance, trial.Points));
    }

    [Fact]
    public void A_trial_that_throws_fails_and_the_search_goes_on()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner
        {
            Instead = request => request.Key.Task == "left" && request.Key.Seed % 4 == 0 && request.Plan is TuningPlan.Sized ? throw new InvalidOperationException("torn\nin two") : null,
        });
        Assert.True(result.IsComplete);
        Assert.Contains(store.Trials(), trial => trial is { State: TrialState.Failed, Failure: "InvalidOperationException: torn in two" });
    }

    [Fact]
    public void A_trial_that_cannot_be_run_once_is_tried_again_in_the_same_search()
    {
        using var store = new InMemoryTrialStore();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<TrialKey, bool>();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner
        {
            Instead = request => request.Key.Seed % 3 == 0 && seen.TryAdd(request.Key, true) ? throw new IOException("the disk is full") : null,
        });
        Assert.NotEmpty(seen);
        Assert.Equal(0, result.NotRun);
        using var whole = new InMemoryTrialStore();
        Search(SyntheticStudy.Of(), whole, new SyntheticRunner());
        Assert.Equal(StoreNumbers.Of(whole), StoreNumbers.Of(store));
    }

    [Fact]
    public void A_trial_that_cannot_be_run_is_left_out_of_every_mean_until_it_can()
    {
        using var store = new InMemoryTrialStore();
        var study = SyntheticStudy.Of();
        var result = Search(study, store, new SyntheticRunner
        {
            Instead = request => IsOneOfEight(request) ? throw new OutOfMemoryException("no memory") : null,
        });
        Assert.True(result.IsComplete);
        var failed = store.Trials().Where(trial => trial.State == TrialState.Failed).ToArray();
        Assert.Equal(failed.Length, result.NotRun);
        Assert.NotEmpty(failed);
        foreach (var stage in result.Stages)
            foreach (var option in stage.Options.Where(option => option.Mean is not null))
            {
                var designs = store.Trials(stage.Name).Where(trial => trial.Spec.Key.Option == option.Name).GroupBy(trial => trial.Spec.Key.Sample).Where(design => design.All(trial => trial.Counts)).ToArray();
                Assert.Equal(designs.Length, option.Designs);
                Assert.Equal(designs.Average(design => design.Average(trial => trial.Points)), option.Mean!.Value, 1e-9);
            }
        Assert.Contains(result.Warnings, warning => warning.Contains("could not be run and are left out of every mean", StringComparison.Ordinal));

        var again = Search(study, store, new SyntheticRunner());
        Assert.True(again.IsComplete);
        Assert.Equal(0, again.NotRun);
        Assert.All(store.Trials(), trial => Assert.NotEqual(TrialState.Failed, trial.State));
    }

    [Fact]
    public void A_trial_whose_weights_cannot_be_written_keeps_its_score_and_the_next_search_writes_them()
    {
        using var scratch = new Scratch();
        using var store = new InMemoryTrialStore();
        var study = SyntheticStudy.Of();
        var full = new SyntheticRunner();
        var result = Search(study, store, new SyntheticRunner
        {
            Instead = request => request.WeightsFolder is null ? null : full.Run(request with { WeightsFolder = null }, null, default) with { Unsaved = "no space left on device" },
        }, tuned: scratch["tuned"]);
        Assert.NotEmpty(result.MissingWeights);
        Assert.False(Directory.Exists(Path.Combine(scratch["tuned"], TrialWeights.Best)));
        Assert.DoesNotContain(store.Trials(), trial => trial.State != TrialState.Completed);
        using var whole = new InMemoryTrialStore();
        var expected = Search(study, whole, new SyntheticRunner(), tuned: scratch["whole"]);
        Assert.Equal(expected.Winner!.Mean, result.Winner!.Mean);

        var repeating = new SyntheticRunner();
        var again = Search(study, store, repeating, tuned: scratch["tuned"]);
        Assert.Empty(again.MissingWeights);
        Assert.Equal((result.Winner.Name, result.Winner.Mean, result.Trials), (again.Winner!.Name, again.Winner.Mean, again.Trials));
        Assert.Equal(result.MissingWeights.Count, repeating.Runs);
        Assert.Equal(Files(scratch["whole"]), Files(scratch["tuned"]));

        var idle = new SyntheticRunner();
        Assert.Empty(Search(study, store, idle, tuned: scratch["tuned"]).MissingWeights);
        Assert.Equal(0, idle.Runs);

        static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => $"{Path.GetRelativePath(folder, file)}: {File.ReadAllText(file)}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_baseline_that_cannot_be_run_leaves_the_rest()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner
        {
            Instead = request => request.Plan is TuningPlan.Full ? throw new InvalidOperationException("no memory") : null,
        });
        Assert.True(result.IsComplete);
        Assert.Null(result.Full);
        Assert.NotNull(result.BestOther);
        Assert.Contains(result.Warnings, warning => warning.Contains("baseline full has no score", StringComparison.Ordinal));
    }

    [Fact]
    public void An_option_of_which_every_trial_throws_stops_the_search_until_the_cause_is_gone()
    {
        using var store = new InMemoryTrialStore();
        var study = SyntheticStudy.Of();
        var broken = new SyntheticRunner { Instead = _ => throw new IOException("the data are gone") };
        var stopped = Assert.Throws<SearchException>(() => Search(study, store, broken));
        Assert.Contains("the data are gone", stopped.Message, StringComparison.Ordinal);

        Assert.True(Search(study, store, new SyntheticRunner()).IsComplete);
        using var whole = new InMemoryTrialStore();
        Search(study, whole, new SyntheticRunner());
        Assert.Equal(StoreNumbers.Of(whole), StoreNumbers.Of(store));
    }

    [Fact]
    public void Many_workers_find_the_same_as_one()
    {
        using var one = new InMemoryTrialStore();
        using var many = new InMemoryTrialStore();
        Search(SyntheticStudy.Of(), one, new SyntheticRunner());
        Search(SyntheticStudy.Of(), many, new SyntheticRunner(), workers: 4);
        Assert.Equal(StoreNumbers.Of(one), StoreNumbers.Of(many));
    }

    [Fact]
    public void A_search_that_is_cancelled_at_random_moments_ends_with_the_numbers_of_an_uninterrupted_one()
    {
        using var scratch = new Scratch();
        var study = SyntheticStudy.Of(seed: 7);
        var random = new Random(11);
        using var store = SqliteTrialStore.OpenOrCreate(scratch["cancelled.db"]);
        var cancelled = 0;
        for (var round = 0; round < 20; round++)
        {
            using var stop = new CancellationTokenSource();
            var left = random.Next(1, 15);
            var runner = new SyntheticRunner
            {
                Instead = _ =>
                {
                    if (Interlocked.Decrement(ref left) > 0) return null;
                    stop.Cancel();
                    // or the workers would be done with much more before the driver stops them
                    Thread.Sleep(20);
                    return null;
                },
            };
            try
            {
                Search(study, store, runner, workers: 2, stop: stop);
            }
            catch (OperationCanceledException)
            {
                cancelled++;
                Assert.DoesNotContain(store.Trials(), trial => trial.State == TrialState.Running);
            }
        }

        Assert.Equal(20, cancelled);
        Search(study, store, new SyntheticRunner(), workers: 2);
        Assert.Equal(Uninterrupted(study), StoreNumbers.Of(store));
    }

    [Fact]
    public void A_search_whose_store_is_abandoned_at_random_moments_ends_with_the_numbers_of_an_uninterrupted_one()
    {
        using var scratch = new Scratch();
        var study = SyntheticStudy.Of(seed: 7);
        var random = new Random(12);
        var path = scratch["abandoned.db"];
        var broken = 0;
        for (var round = 0; round < 20; round++)
        {
            var left = random.Next(1, 16);
            using var store = new DyingStore(SqliteTrialStore.OpenOrCreate(path), () => Interlocked.Decrement(ref left) <= 0);
            try
            {
                Search(study, store, new SyntheticRunner(), workers: 2);
            }
            catch (Exception dead) when (dead is DyingStore.Death or SearchException)
            {
                broken++;
            }
        }

        Assert.Equal(20, broken);
        using var last = SqliteTrialStore.OpenOrCreate(path);
        Search(study, last, new SyntheticRunner(), workers: 2);
        Assert.Equal(Uninterrupted(study), StoreNumbers.Of(last));
    }

    [Fact]
    public void Another_study_is_not_mixed_into_a_store()
    {
        using var store = new InMemoryTrialStore();
        Search(SyntheticStudy.Of(seed: 1), store, new SyntheticRunner());
        var refused = Assert.Throws<InvalidDataException>(() => Search(SyntheticStudy.Of(seed: 2), store, new SyntheticRunner()));
        Assert.Contains("seed: 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_is_not_resumed_by_another_policy()
    {
        using var store = new InMemoryTrialStore();
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of());
        Run(new ExhaustivePolicy(problem));
        Assert.Equal("exhaustive", store.Study!.Policy);
        // the study still names the policy that it named before
        var refused = Assert.Throws<InvalidDataException>(() => Run(new SuccessiveHalvingPolicy(problem)));
        Assert.Contains("'search.policy: exhaustive' in the store, 'search.policy: successive-halving' here", refused.Message, StringComparison.Ordinal);
        Run(new ExhaustivePolicy(problem));

        void Run(ISearchPolicy policy)
        {
            using var pool = new InProcessWorkers(new SyntheticRunner());
            new SearchSession(problem, policy, store, pool).Run(stop: TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Trials_that_a_superseded_decision_requested_are_not_run()
    {
        using var store = new InMemoryTrialStore();
        using (var stop = new CancellationTokenSource())
            Assert.ThrowsAny<OperationCanceledException>(() => Search(SyntheticStudy.Of(samples: 1), store, new SyntheticRunner
            {
                Instead = request =>
                {
                    if (request.Key.Stage != "S2") return null;
                    stop.Cancel();
                    // or the worker would be done with the stage before the driver stops it
                    Thread.Sleep(50);
                    return null;
                },
            }, stop: stop));
        Assert.Equal("spindle", store.Stages()[1].Chosen);
        Assert.Contains(store.Trials("S2"), trial => trial is { State: TrialState.Pending, Spec.Key.Given: "S1 spindle" });

        // with more designs, another grouping is best
        var ran = new List<TrialKey>();
        var result = Search(SyntheticStudy.Of(samples: 3), store, new SyntheticRunner
        {
            Instead = request =>
            {
                lock (ran) ran.Add(request.Key);
                return request.Key is { Stage: "S1", Option: "bottleneck", Sample: > 0 } ? SyntheticRunner.Outcome(99, request.Key.Epochs) : null;
            },
        });
        Assert.Equal("bottleneck", result.Stages[1].Chosen);
        Assert.DoesNotContain(ran, key => key.Given.StartsWith("S1 spindle", StringComparison.Ordinal));
        Assert.DoesNotContain(store.Trials(), trial => trial.State == TrialState.Pending);
    }

    [Fact]
    public void A_budget_under_which_nothing_fits_is_refused_with_the_reason_and_the_stage()
    {
        using var store = new InMemoryTrialStore();
        var refused = Assert.Throws<InvalidDataException>(() => Search(SyntheticStudy.Of(budget: "10"), store, new SyntheticRunner()));
        Assert.Contains("no design of stage S1 fits the budget of 10", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_policy_is_refused_with_the_known_ones()
    {
        using var store = new InMemoryTrialStore();
        var study = SyntheticStudy.Of();
        study = study with { Search = study.Search with { Policy = "random" } };
        var refused = Assert.Throws<InvalidDataException>(() => Search(study, store, new SyntheticRunner()));
        Assert.Contains("exhaustive", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_that_are_left_untuned_are_passed_over_in_the_last_stages()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(SyntheticStudy.Of(), store, new SyntheticRunner
        {
            Instead = request => request.Plan is TuningPlan.Sized { Design: { } design } && design.Tunable.Indices.SequenceEqual([1])
                ? SyntheticRunner.Outcome(95, request.Key.Epochs)
                : null,
        });
        Assert.Equal("G2", result.Stages[3].Chosen);
        Assert.Equal([false, true, false, false], result.Stages.Skip(4).Select(stage => stage.Compares));
        Assert.Equal("none", result.Stages[4].Chosen);
        Assert.Equal([1], result.Plan!.Design!.Tunable.Indices);
    }

    [Fact]
    public void Progress_reports_stage_option_and_how_much_is_done()
    {
        using var store = new InMemoryTrialStore();
        var reports = new Reports();
        Search(SyntheticStudy.Of(), store, new SyntheticRunner { Delay = TimeSpan.FromMilliseconds(1) }, progress: reports);
        Assert.Equal(["S0", "S1", "S2", "S3", "S4.G1", "S4.G2", "S4.G3", "S4.G4", "Final"], reports.All.Select(progress => progress.Stage).Distinct());
        Assert.All(reports.All, progress => Assert.InRange(progress.StageDone, 0, progress.StageTrials));
        // all groups stay tuned here, so the estimate holds from the first look
        Assert.All(reports.All, progress => Assert.Equal(78 * 4 + 24, progress.Trials));
        var last = reports.All[^1];
        Assert.Equal((24, 24, 336), (last.StageDone, last.StageTrials, last.Done));
        Assert.NotNull(last.Best);
        Assert.Equal(TimeSpan.Zero, last.TimeLeft);
        Assert.Contains(reports.All, progress => progress is { Stage: "S1", Option: "increasing" });
    }

    [Fact]
    public void An_edited_row_is_refused_before_any_trial_runs()
    {
        using var scratch = new Scratch();
        var path = scratch["edited.db"];
        using var stop = new CancellationTokenSource();
        using (var store = SqliteTrialStore.OpenOrCreate(path))
            Assert.ThrowsAny<OperationCanceledException>(() => Search(SyntheticStudy.Of(), store, new SyntheticRunner
            {
                Instead = _ => { stop.Cancel(); return null; },
            }, stop: stop));
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
            Dapper.SqlMapper.Execute(connection, "update trial set solution = '{\"layers\":[null]}' where state = 0");
        var runner = new SyntheticRunner();
        using var edited = SqliteTrialStore.Open(path);
        var refused = Assert.Throws<InvalidDataException>(() => Search(SyntheticStudy.Of(), edited, runner)).Message;
        Assert.StartsWith(path, refused, StringComparison.Ordinal);
        Assert.Contains("a layer or a strategy is missing", refused, StringComparison.Ordinal);
        Assert.Equal(0, runner.Runs);
    }

    private static string Uninterrupted(SearchStudy study)
    {
        using var store = new InMemoryTrialStore();
        Search(study, store, new SyntheticRunner());
        return StoreNumbers.Of(store);
    }

    // another one of the options that share a seed
    private static bool IsOneOfEight(TrialRequest request) => DerivedSeed.Derive(0, request.Key.ToString()) % 8 == 0;

    [Fact]
    public async Task A_paused_search_starts_no_trial_until_it_goes_on_and_ends_as_one_that_was_not_paused()
    {
        using var store = new InMemoryTrialStore();
        var runner = new SyntheticRunner { Delay = TimeSpan.FromMilliseconds(2) };
        var reports = new Reports();
        var search = Task.Run(() => Search(SyntheticStudy.Of(), store, runner, progress: reports), TestContext.Current.CancellationToken);
        while (runner.Runs < 5) await Task.Delay(1, TestContext.Current.CancellationToken);
        store.Ask(asked => asked with { IsPaused = true });
        while (store.Running().Count > 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        var runs = runner.Runs;
        await Task.Delay(600, TestContext.Current.CancellationToken);
        Assert.Equal(runs, runner.Runs);
        Assert.False(search.IsCompleted);
        Assert.True(reports.All[^1].IsPaused);
        store.Ask(asked => asked with { IsPaused = false });
        var result = await search;
        Assert.True(result.IsComplete);
        using var straight = new InMemoryTrialStore();
        Assert.Equal(Search(SyntheticStudy.Of(), straight, new SyntheticRunner()).Winner!.Mean, result.Winner!.Mean);
    }

    [Fact]
    public async Task A_search_that_is_stopped_through_its_store_puts_running_trials_back_and_the_next_one_goes_on()
    {
        using var store = new InMemoryTrialStore();
        var runner = new SyntheticRunner { Delay = TimeSpan.FromMilliseconds(5) };
        var search = Task.Run(() => Search(SyntheticStudy.Of(), store, runner), TestContext.Current.CancellationToken);
        while (runner.Runs < 5) await Task.Delay(1, TestContext.Current.CancellationToken);
        store.Ask(asked => asked with { IsStopped = true, IsPaused = true });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        Assert.Empty(store.Running());
        Assert.True(Search(SyntheticStudy.Of(), store, new SyntheticRunner()).IsComplete);
        Assert.Equal(new(), store.Control());
    }

    [Fact]
    public async Task More_time_lets_a_search_end_as_one_that_had_it_from_the_start()
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(policy: "joint"));
        using var store = new InMemoryTrialStore();
        var runner = new SyntheticRunner { Delay = TimeSpan.FromMilliseconds(2) };
        using var pool = new InProcessWorkers(runner);
        var (limited, policy) = WithTime(TimeSpan.Zero);
        var options = new SearchOptions { WithExtraTime = WithTime };
        var search = Task.Run(() => new SearchSession(limited, policy, store, pool, options).Run(stop: TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        while (runner.Runs < 5) await Task.Delay(1, TestContext.Current.CancellationToken);
        store.Ask(control => control with { ExtraTime = TimeSpan.FromHours(1) });
        Assert.True((await search).IsComplete);
        Assert.Equal(TimeSpan.FromHours(1), store.Control().ExtraTime);
        Assert.Empty(KeysWith(TimeSpan.FromHours(1)).Except(Keys(store)));
        Assert.NotEmpty(KeysWith(TimeSpan.FromHours(1)).Except(KeysWith(TimeSpan.Zero)));

        (SearchProblem, ISearchPolicy) WithTime(TimeSpan time)
        {
            var longer = problem with { Study = problem.Study with { Search = problem.Study.Search with { Limit = new(TimeSpan.FromSeconds(10) + time) } } };
            return (longer, SearchPolicies.Create(longer));
        }

        TrialKey[] KeysWith(TimeSpan time)
        {
            var (longer, its) = WithTime(time);
            using var straight = new InMemoryTrialStore();
            using var workers = new InProcessWorkers(new SyntheticRunner());
            new SearchSession(longer, its, straight, workers).Run(stop: TestContext.Current.CancellationToken);
            return Keys(straight);
        }

        static TrialKey[] Keys(InMemoryTrialStore store) => [.. store.Trials().Select(trial => trial.Spec.Key)];
    }

    [Fact]
    public void The_losses_that_a_runner_reports_are_in_the_store_when_a_short_trial_has_ended()
    {
        using var store = new InMemoryTrialStore();
        Search(SyntheticStudy.Of(), store, new SyntheticRunner());
        Assert.All(store.Trials(), trial => Assert.Equal([new(100, 0.5)], store.Losses(trial.Id)));
    }

    private static StudyResult Search(
        SearchStudy study,
        ITrialStore store,
        SyntheticRunner runner,
        int workers = 1,
        string? tuned = null,
        IProgress<SearchProgress>? progress = null,
        CancellationTokenSource? stop = null)
    {
        using var pool = new InProcessWorkers(runner, workers, tuned);
        var problem = SyntheticStudy.Problem(study);
        return new SearchSession(problem, SearchPolicies.Create(problem), store, pool, new() { TunedFolder = tuned }).Run(progress, stop?.Token ?? TestContext.Current.CancellationToken);
    }

    private sealed class Reports : IProgress<SearchProgress>
    {
        public List<SearchProgress> All { get; } = [];

        public void Report(SearchProgress value) => All.Add(value);
    }
}
