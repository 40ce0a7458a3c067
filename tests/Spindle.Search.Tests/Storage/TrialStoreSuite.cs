using System.Collections.Concurrent;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Storage;

/// <summary>What the contract of <see cref="ITrialStore"/> says, for every implementation.</summary>
public abstract class TrialStoreSuite
{
    private static readonly Design Design = new(
        LayerGrouping.Of(GroupingPattern.Spindle, 6, 4),
        Allocation.Drawn([3, 1, 4, 1, 5, 9]),
        new([new("lora", "adapter"), StrategySet.Empty, new("bitfit"), new("prefix")]));

    [Fact]
    public void A_store_keeps_its_study_and_refuses_another()
    {
        using var store = New();
        Assert.Null(store.Study);
        var study = Record("seed: 42");
        store.Register(study);
        store.Register(Record("seed: 42"));
        Assert.Equal("synthetic", store.Study!.Name);
        Assert.Equal(study.Tasks, store.Study.Tasks);

        var refused = Assert.Throws<InvalidDataException>(() => store.Register(Record("seed: 43")));
        Assert.Contains("seed: 42", refused.Message, StringComparison.Ordinal);
        Assert.Contains("seed: 43", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Throws<InvalidDataException>(() => store.Register(study with { BackboneParameters = 5 }));
    }

    [Fact]
    public void A_study_that_is_registered_again_keeps_where_it_ran_and_adds_a_run_that_differs_in_more_than_its_time()
    {
        using var store = New();
        var run = new SearchRun(DateTimeOffset.UnixEpoch, "0.1.0") { Commit = "abc", Processor = "p", Cores = 2, Memory = 5, System = "s", DotNet = "10", Libtorch = "2", Workers = 3, Devices = "cpu", Command = "spindle search x.yaml" };
        var later = run with { Started = run.Started.AddHours(1) };
        store.Register(Record("seed: 42") with { Runs = [run] });
        store.Register(Record("seed: 42") with { Runs = [later] });
        Assert.Equal([run], store.Study!.Runs);
        store.Register(Record("seed: 42") with { Runs = [later with { Processor = "q" }] });
        store.Register(Record("seed: 42"));
        Assert.Equal([run, later with { Processor = "q" }], store.Study!.Runs);
    }

    [Fact]
    public void Trials_are_added_once_and_numbered_in_order()
    {
        using var store = New();
        Assert.Equal(2, store.Add([Spec(0), Spec(1)]));
        Assert.Equal(1, store.Add([Spec(1), Spec(2), Spec(0), Spec(2)]));
        Assert.Equal([0, 1, 2], store.Trials().Select(trial => trial.Spec.Key.Sample));
        Assert.Equal([1L, 2L, 3L], store.Trials().Select(trial => trial.Id));
        Assert.Equal(Spec(1), store.Trials()[1].Spec);
        Assert.Empty(store.Trials("S9"));
    }

    [Fact]
    public void A_key_with_another_content_is_refused_and_nothing_is_added()
    {
        using var store = New();
        store.Add([Spec(0)]);
        Assert.Throws<InvalidDataException>(() => store.Add([Spec(1), Spec(0) with { Plan = new TuningPlan.Full() }]));
        Assert.Single(store.Trials());
    }

    [Fact]
    public void Claims_go_by_number_and_end_with_none()
    {
        using var store = New();
        Assert.Null(store.Claim("first"));
        store.Add([Spec(0), Spec(1) with { Plan = new TuningPlan.Full(), KeepsWeights = true }]);
        var first = store.Claim("first")!;
        var second = store.Claim("second")!;
        Assert.Equal((Spec(0), 1L), (first.Spec, first.Id));
        Assert.Equal((true, 2L), (second.Spec.KeepsWeights, second.Id));
        Assert.IsType<TuningPlan.Full>(second.Spec.Plan);
        Assert.Null(store.Claim("third"));
        Assert.All(store.Trials(), trial => Assert.Equal(TrialState.Running, trial.State));
        Assert.Equal(["first", "second"], store.Trials().Select(trial => trial.Worker));
    }

    [Fact]
    public void Pending_trials_that_are_not_requested_any_more_are_removed_and_all_others_stay()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1), Spec(2), Spec(3), Spec(4)]);
        var (finished, running) = (store.Claim("worker")!, store.Claim("worker")!);
        Assert.True(store.Complete(finished, SyntheticRunner.Outcome(70, 1)));
        Assert.Equal(2, store.RemovePendingExcept(new HashSet<TrialKey> { Spec(3).Key, Spec(9).Key }));
        Assert.Equal([0, 1, 3], store.Trials().Select(trial => trial.Spec.Key.Sample));
        Assert.Equal([TrialState.Completed, TrialState.Running, TrialState.Pending], store.Trials().Select(trial => trial.State));
        Assert.Equal(3, store.Count().Sum(count => count.Trials));
        Assert.Equal(Spec(3), store.Claim("worker")!.Spec);
        Assert.Null(store.Claim("worker"));
        Assert.True(store.Complete(running, SyntheticRunner.Outcome(70, 1)));

        // a removed trial can be requested again
        Assert.Equal(1, store.Add([Spec(0), Spec(4)]));
        Assert.Equal(Spec(4), store.Claim("worker")!.Spec);
    }

    [Fact]
    public void An_outcome_is_kept_to_the_last_digit()
    {
        using var store = New();
        store.Add([Spec(0)]);
        var claim = store.Claim("worker")!;
        Assert.True(store.Heartbeat(claim, 37));
        Assert.Equal(37, store.Trials()[0].Examples);
        var outcome = new TrialOutcome(
            83.123456789012345, new Dictionary<string, double> { ["f1"] = 1 / 3.0, ["pearson"] = double.NaN }, [0.1, 83.123456789012345], 900, 3, 300, 1.5, null);
        Assert.True(store.Complete(claim, outcome));

        var trial = store.Trials()[0];
        Assert.Equal(TrialState.Completed, trial.State);
        Assert.Equal(StoreText.Write(outcome), StoreText.Write(trial.Outcome!));
        Assert.Equal(83.123456789012345, trial.Points);
        Assert.NotNull(trial.Ended);
        Assert.Null(store.Claim("worker"));
    }

    [Fact]
    public void Predictions_are_kept_with_an_outcome_to_the_last_digit()
    {
        SplitPredictions[] kept =
        [
            new SplitPredictions.OfLabels("validation", ["pearson"], [0, 1 / 3.0], [double.NaN, 2.5]),
            new SplitPredictions.OfTexts("other", ["bleu", "chrf"], ["Și \"ața\"", ""], ["a\nb", "😀"]),
        ];
        using var store = New();
        store.Add([Spec(0), Spec(1), Spec(2), Spec(3) with { Key = Spec(3).Key with { Stage = "elsewhere" } }]);
        var (first, second, third, fourth) = (store.Claim("worker")!, store.Claim("worker")!, store.Claim("worker")!, store.Claim("worker")!);
        Assert.True(store.Complete(first, SyntheticRunner.Outcome(70, 1) with { Predictions = kept }));
        Assert.True(store.Complete(second, SyntheticRunner.Outcome(70, 1)));
        Assert.True(store.Complete(third, SyntheticRunner.Outcome(null, 1, "the loss was not finite") with { Predictions = kept }));
        Assert.False(store.Complete(second, SyntheticRunner.Outcome(70, 1) with { Predictions = kept }));
        Assert.True(store.Complete(fourth, SyntheticRunner.Outcome(70, 1) with { Predictions = kept }));

        var there = store.Predictions(Spec(0).Key.Stage);
        Assert.Equal([first.Id], there.Keys);
        Assert.Equal(StoreText.Write<IReadOnlyList<SplitPredictions>>(kept), StoreText.Write(there[first.Id]));
        Assert.Equal([fourth.Id], store.Predictions("elsewhere").Keys);
        Assert.Empty(store.Trials()[0].Outcome!.Predictions);
    }

    [Theory]
    [InlineData(null, "loss is not a number")]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, null)]
    [InlineData(null, null)]
    public void An_outcome_without_a_finite_score_has_diverged_and_counts_as_nothing(double? score, string? failure)
    {
        using var store = New();
        store.Add([Spec(0)]);
        Assert.True(store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(score, 1) with { Failure = failure }));
        var trial = store.Trials()[0];
        Assert.Equal(TrialState.Diverged, trial.State);
        Assert.Equal(0, trial.Points);
        Assert.Equal(failure ?? "the score is not a number", trial.Failure);
        Assert.Equal(100, trial.Outcome!.ExampleSteps);
    }

    [Fact]
    public void A_stale_claim_changes_nothing()
    {
        using var store = New();
        store.Add([Spec(0)]);
        var stale = store.Claim("slow")!;
        Assert.Equal(1, store.ReleaseAll());
        var fresh = store.Claim("fast")!;
        Assert.Equal(stale.Id, fresh.Id);
        Assert.NotEqual(stale.Token, fresh.Token);

        Assert.False(store.Heartbeat(stale, 1));
        Assert.False(store.Complete(stale, SyntheticRunner.Outcome(1, 1)));
        Assert.False(store.Fail(stale, "no"));
        Assert.False(store.Release(stale));
        Assert.Equal(("fast", TrialState.Running), (store.Trials()[0].Worker, store.Trials()[0].State));

        Assert.True(store.Complete(fresh, SyntheticRunner.Outcome(2, 1)));
        Assert.False(store.Complete(fresh, SyntheticRunner.Outcome(3, 1)));
        Assert.Equal(2, store.Trials()[0].Points);
    }

    [Fact]
    public void A_released_trial_is_as_if_it_had_not_been_claimed()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1)]);
        var before = store.Trials()[0];
        var claim = store.Claim("worker")!;
        store.Heartbeat(claim, 55);
        Assert.True(store.Release(claim));
        Assert.Equal(before, store.Trials()[0]);
        Assert.Equal(claim.Id, store.Claim("worker")!.Id);
    }

    [Fact]
    public void A_trial_whose_workers_die_is_put_back_three_times_and_then_fails()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1)]);
        for (var loss = 1; loss <= 3; loss++)
        {
            store.Claim("mortal");
            var lost = Assert.Single(store.Lose("mortal", 3, "died"));
            Assert.Equal((TrialState.Pending, loss), (lost.State, lost.Losses));
        }

        store.Claim("mortal");
        store.Claim("other");
        Assert.Equal(TrialState.Failed, Assert.Single(store.Lose("mortal", 3, "died")).State);
        Assert.Equal([TrialState.Failed, TrialState.Running], store.Trials().Select(trial => trial.State));
        Assert.Equal("died", store.Trials()[0].Failure);
        Assert.Empty(store.Lose("mortal", 3, "died"));
    }

    [Fact]
    public void A_finished_trial_can_be_run_again_and_another_cannot()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1)]);
        var claim = store.Claim("worker")!;
        Assert.False(store.Retry(claim.Id));
        Assert.True(store.Complete(claim, SyntheticRunner.Outcome(5, 1) with { Unsaved = "no space", Diverged = "the loss was not finite" }));
        var done = store.Trials()[0];
        Assert.Equal((5, "no space", "the loss was not finite"), (done.Points, done.Outcome!.Unsaved, done.Outcome.Diverged));
        Assert.True(store.Retry(claim.Id));
        var released = store.Trials()[0];
        Assert.Equal((TrialState.Pending, (TrialOutcome?)null), (released.State, released.Outcome));
        Assert.Equal(claim.Id, store.Claim("worker")!.Id);
    }

    [Fact]
    public void A_training_that_diverged_keeps_the_score_of_guessing()
    {
        using var store = New();
        store.Add([Spec(0)]);
        Assert.True(store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(50, 1) with { Failure = "the loss was not finite" }));
        var trial = store.Trials()[0];
        Assert.Equal((TrialState.Diverged, 50, true), (trial.State, trial.Points, trial.Counts));
    }

    [Fact]
    public void Failed_trials_of_an_option_can_be_tried_again()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1), Spec(0, "other")]);
        Assert.True(store.Fail(store.Claim("worker")!, "broken"));
        Assert.True(store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(5, 1)));
        Assert.True(store.Fail(store.Claim("worker")!, "broken"));
        Assert.Equal(1, store.Retry("S1", "option"));
        Assert.Equal([TrialState.Pending, TrialState.Completed, TrialState.Failed], store.Trials().Select(trial => trial.State));
        Assert.Null(store.Trials()[0].Failure);
    }

    [Fact]
    public void Stages_are_those_that_were_saved_last()
    {
        using var store = New();
        var first = new StageRecord("S0", true, [new("unconstrained", "all", true, 2, 1, 0, null) { Given = "before", Role = OptionRole.Found }], false, null) { MayBeInfeasible = true };
        store.SaveStages([first]);
        StageRecord[] later = [first with { IsDecided = true, Chosen = "unconstrained" }, first with { Name = "S1", Options = [], IsFinalComparison = true }];
        store.SaveStages(later);
        Assert.Equal(later, store.Stages());
        store.SaveStages([first]);
        Assert.Equal([first], store.Stages());
    }

    [Fact]
    public void A_race_is_kept_with_what_was_dropped_and_reused()
    {
        using var store = New();
        var raced = new StageRecord("S2", true, [new("uniform", "1", true, 2, 0, 0, null) { Reused = [new("S1", "spindle", "", 1)], Dropped = new(2, 0.01) }], true, "uniform") { Race = new(RaceEnd.OneLeft, 0.01) };
        store.SaveStages([raced]);
        Assert.Equal([raced], store.Stages());
        Assert.NotEqual([raced with { Race = null }], store.Stages());
        Assert.NotEqual([raced with { Options = [raced.Options[0] with { Reused = [] }] }], store.Stages());
        Assert.NotEqual([raced with { Options = [raced.Options[0] with { Dropped = null }] }], store.Stages());
    }

    [Fact]
    public void Every_condition_of_a_trial_is_part_of_its_key()
    {
        using var store = New();
        var key = Spec(0).Key;
        TrialKey[] keys =
        [
            key, key with { Stage = "S2" }, key with { Option = "o" }, key with { Sample = 1 }, key with { Task = "t" }, key with { Epochs = 9 }, key with { Seed = 9 },
            key with { Given = "S1 spindle" }, key with { TrainingRows = 100 }, key with { LearningRate = 1e-3 }, key with { LearningRate = 2e-3 }, key with { Settings = "batch-size: 8" }, key with { Settings = "batch-size: 16" },
            key with { Split = 1 }, key with { UsesAllRows = true }, key with { AveragedRuns = 1 }, key with { AveragedRuns = 4 },
        ];
        TrialSpec[] specs = [.. keys.Select(other => Spec(0) with { Key = other })];
        Assert.Equal(keys.Length, store.Add(specs));
        Assert.Equal(0, store.Add(specs));
        Assert.Equal(keys, store.Trials().Select(trial => trial.Spec.Key));
    }

    [Fact]
    public void Of_pending_trials_those_of_the_lowest_priority_number_are_claimed_first()
    {
        using var store = New();
        store.Add([Spec(0) with { Priority = 1 }, Spec(1), Spec(2) with { Priority = 1 }, Spec(3)]);
        Assert.Equal([1, 3, 0, 2], Enumerable.Range(0, 4).Select(_ => store.Claim("worker")!.Spec.Key.Sample));
    }

    [Fact]
    public void Trials_are_listed_in_the_order_in_which_they_ended()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1), Spec(2)]);
        var (first, second, third) = (store.Claim("worker")!, store.Claim("worker")!, store.Claim("worker")!);
        Assert.Empty(store.EndedAfter(0));
        store.Complete(third, SyntheticRunner.Outcome(70, 1));
        store.Fail(first, "broken");
        Assert.Equal([third.Id, first.Id], store.EndedAfter(0).Select(trial => trial.Id));
        var last = store.EndedAfter(0)[^1].EndOrder!.Value;
        Assert.Empty(store.EndedAfter(last));
        store.Retry("S1", "option");
        Assert.Equal([third.Id], store.EndedAfter(0).Select(trial => trial.Id));
        store.Complete(second, SyntheticRunner.Outcome(70, 1));
        Assert.Equal([second.Id], store.EndedAfter(store.EndedAfter(0)[0].EndOrder!.Value).Select(trial => trial.Id));
    }

    [Fact]
    public void A_study_that_extends_the_stores_is_taken_and_one_that_shrinks_it_is_refused_key_by_key()
    {
        using var store = New();
        var study = Record("search:\n  samples-per-option: 4\n  final-seeds: 2\n  seed: 1");
        store.Register(study);
        store.Add([Spec(0)]);
        var larger = Record("search:\n  samples-per-option: 8\n  final-seeds: 3\n  seed: 1") with { Tasks = [new("left", 50), new("right", 0), new("new", 0)], SamplesPerOption = 8 };
        store.Register(larger);
        Assert.Equal((8, 3), (store.Study!.SamplesPerOption, store.Study.Tasks.Count));
        Assert.Single(store.Trials());

        var refused = Assert.Throws<InvalidDataException>(() => store.Register(Record("search:\n  samples-per-option: 4\n  final-seeds: 3\n  seed: 2"))).Message;
        Assert.Contains("'search.samples-per-option: 8' in the store, 'search.samples-per-option: 4' here", refused, StringComparison.Ordinal);
        Assert.Contains("'search.seed: 1' in the store, 'search.seed: 2' here", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("final-seeds", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Scoring_every_epoch_may_be_turned_on_and_off_while_a_study_continues()
    {
        using var store = New();
        store.Register(Record("search:\n  score-every-epoch: false"));
        foreach (var value in (string[])["true", "false"]) store.Register(Record($"search:\n  score-every-epoch: {value}"));
        store.Register(Record("search:\n  seed: 1") with { Defaults = new Dictionary<string, string> { ["search.seed"] = "1" } });
    }

    [Fact]
    public void A_setting_that_the_store_does_not_know_counts_with_its_default()
    {
        using var store = New();
        store.Register(Record("seed: 1"));
        var defaults = new Dictionary<string, string> { ["patience"] = "0" };
        store.Register(Record("seed: 1\npatience: 0") with { Defaults = defaults });
        using var other = New();
        other.Register(Record("seed: 1"));
        Assert.Contains("'patience: 0' in the store, 'patience: 3' here",
            Assert.Throws<InvalidDataException>(() => other.Register(Record("seed: 1\npatience: 3") with { Defaults = defaults })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_are_those_of_the_trials()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1), Spec(2), Spec(0, "other")]);
        store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(60, 3));
        store.Fail(store.Claim("worker")!, "broken");
        store.Heartbeat(store.Claim("worker")!, 20);
        Assert.Equal(
            [
                new OptionCount("S1", "option", "", 3, 1, 2, 1, 60, 320, 6, 9),
                new OptionCount("S1", "other", "", 1, 0, 0, 0, 0, 0, 0, 3),
            ],
            store.Count());
    }

    [Fact]
    public void Running_trials_say_who_runs_them_and_when_that_worker_was_last_heard()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1), Spec(2)]);
        Assert.Empty(store.Running());
        var (first, second) = (store.Claim("first")!, store.Claim("second")!);
        var before = store.Running();
        Assert.Equal([("first", first.Id), ("second", second.Id)], before.Select(trial => (trial.Worker, trial.Id)));
        Thread.Sleep(5);
        store.Heartbeat(second, 4);
        var after = store.Running();
        Assert.Equal(before[0].Heard, after[0].Heard);
        Assert.True(after[1].Heard > before[1].Heard);
        store.Complete(first, SyntheticRunner.Outcome(60, 3));
        Assert.Equal(second.Id, Assert.Single(store.Running()).Id);
    }

    [Fact]
    public void No_trial_of_a_paused_search_is_claimed_and_running_ones_go_on()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1)]);
        var running = store.Claim("worker")!;
        Assert.Equal(new(), store.Control());
        Assert.True(store.Ask(asked => asked with { IsPaused = true }).IsPaused);
        Assert.Null(store.Claim("worker"));
        Assert.True(store.Heartbeat(running, 5));
        Assert.True(store.Complete(running, SyntheticRunner.Outcome(60, 3)));
        store.Ask(asked => asked with { IsPaused = false });
        Assert.Equal(Spec(1), store.Claim("worker")!.Spec);
    }

    [Fact]
    public void What_was_asked_of_a_search_is_kept_and_changed_part_by_part()
    {
        using var store = New();
        store.Ask(asked => asked with { ExtraTime = asked.ExtraTime + TimeSpan.FromMinutes(10) });
        store.Ask(asked => asked with { IsStopped = true });
        store.Ask(asked => asked with { ExtraTime = asked.ExtraTime + TimeSpan.FromSeconds(1.5) });
        Assert.Equal(new SearchControl(false, true, TimeSpan.FromSeconds(601.5)), store.Control());
    }

    [Fact]
    public void The_curve_of_a_trial_is_that_of_its_last_run()
    {
        using var store = New();
        store.Add([Spec(0), Spec(1)]);
        var first = store.Claim("worker")!;
        Assert.Empty(store.Losses(first.Id));
        Assert.True(store.Heartbeat(first, 8, [new(8, 0.7)]));
        Assert.True(store.Heartbeat(first, 16, [new(8, 0.7), new(16, 0.5)]));
        Assert.True(store.Heartbeat(first, 16));
        Assert.Equal([new(8, 0.7), new(16, 0.5)], store.Losses(first.Id));
        store.Release(first);
        var again = store.Claim("worker")!;
        Assert.Equal(first.Id, again.Id);
        Assert.Empty(store.Losses(again.Id));
        Assert.False(store.Heartbeat(first, 24, [new(24, 0.1)]));
        Assert.Empty(store.Losses(again.Id));
        store.Heartbeat(again, 4, [new(4, 0.9)]);
        store.Complete(again, SyntheticRunner.Outcome(60, 3));
        Assert.Equal([new(4, 0.9)], store.Losses(again.Id));
    }

    [Fact]
    public void The_scores_by_epoch_of_a_running_trial_are_kept_until_it_is_released()
    {
        using var store = New();
        store.Add([Spec(0)]);
        var first = store.Claim("worker")!;
        Assert.Empty(store.Running()[0].EpochScores);
        Assert.True(store.Heartbeat(first, 8, null, [50.25]));
        Assert.True(store.Heartbeat(first, 16, null, [50.25, 62.5]));
        Assert.True(store.Heartbeat(first, 20));
        Assert.Equal([50.25, 62.5], store.Running()[0].EpochScores);
        store.Release(first);
        Assert.Empty(store.Trials()[0].EpochScores);
        Assert.False(store.Heartbeat(first, 24, null, [1.0]));

        var again = store.Claim("worker")!;
        Assert.True(store.Heartbeat(again, 8, null, [40.0]));
        store.Complete(again, SyntheticRunner.Outcome(60, 3));
        Assert.Equal([20.0, 40.0, 60.0], store.Trials()[0].EpochScores);
        Assert.Equal(store.Trials()[0].Outcome!.EpochScores, store.Trials()[0].EpochScores);
    }

    [Fact]
    public void Notes_are_kept_once_in_order()
    {
        using var store = New();
        store.Note("first");
        store.Note("second");
        store.Note("first");
        Assert.Equal(["first", "second"], store.Notes().Select(note => note.Text));
    }

    [Fact]
    public void One_driver_holds_the_store_at_a_time()
    {
        using var store = New();
        using (store.LockForDriver())
        {
            var refused = Assert.Throws<SearchException>(() => store.LockForDriver());
            Assert.Contains("another search is running", refused.Message, StringComparison.Ordinal);
        }

        store.LockForDriver().Dispose();
    }

    [Fact]
    public void No_trial_is_claimed_twice_by_many_threads()
    {
        using var store = New();
        store.Add([.. Enumerable.Range(0, 200).Select(sample => Spec(sample))]);
        var claimed = new ConcurrentBag<long>();
        var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            using var mine = Another(store);
            while (mine.Claim("worker " + number) is { } claim)
            {
                claimed.Add(claim.Id);
                Assert.True(mine.Complete(claim, SyntheticRunner.Outcome(1, 1)));
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(Enumerable.Range(1, 200).Select(id => (long)id), claimed.Order());
        Assert.All(store.Trials(), trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    /// <summary>An empty store.</summary>
    protected abstract ITrialStore New();

    /// <summary>Another view of a store, as another worker has it.</summary>
    protected abstract ITrialStore Another(ITrialStore store);

    protected internal static TrialSpec Spec(int sample, string option = "option") => new(
        new("S1", option, sample, "task", 3, 7 + sample),
        new TuningPlan.Sized(Design, [new(0, [new("adapter", 3, 400), new("lora", 2, 256)]), new(3, [new("bitfit", 1, 100)])]));

    protected static StudyRecord Record(string text) => new(
        "synthetic", "study: synthetic\n" + text + "\n", "tiny", 100_000, 500, [new("left", 50), new("right", 0)], "exhaustive", 2, 3, 5, 2);
}
