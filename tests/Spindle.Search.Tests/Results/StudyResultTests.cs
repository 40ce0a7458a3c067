using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Metrics.Comparisons;
using Spindle.Metrics.Predictions;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Results;

public sealed class StudyResultTests
{
    private const int Rows = 100;

    [Fact]
    public void A_mean_has_the_standard_error_over_designs()
    {
        var score = OptionScore.Of([70, 72, 80]);
        Assert.Equal(74, score.Mean);
        // the sample standard deviation √28 over √3
        Assert.Equal(Math.Sqrt(28.0 / 3), score.StandardError!.Value, 12);
        Assert.Null(OptionScore.Of([70]).StandardError);
        Assert.Null(OptionScore.Of([]).Mean);
    }

    [Fact]
    public void Only_designs_with_all_their_tasks_count()
    {
        Trial[] trials = [Trial(1, 0, "a", 60), Trial(2, 0, "b", 80), Trial(3, 1, "a", 90)];
        var score = OptionScore.Of(trials, 2);
        Assert.Equal((1, 70.0), (score.Designs, score.Mean!.Value));
    }

    [Fact]
    public void A_store_without_a_study_says_so()
    {
        using var store = new InMemoryTrialStore();
        Assert.Contains("no search has been started", Assert.Throws<InvalidDataException>(() => StudyResult.Of(store)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(39, false)]
    public void A_task_is_among_the_warnings_from_a_share_of_5_percent_of_cut_rows_on(int cut, bool isWarned)
    {
        using var store = new InMemoryTrialStore();
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of());
        var record = StudyRecord.Of(problem, "exhaustive");
        store.Register(record with { Tasks = [record.Tasks[0] with { Cut = $"{cut} of 800 training rows are cut at 128 tokens", CutRows = cut, ExaminedRows = 800 }, record.Tasks[1]] });
        string[] expected = isWarned ? ["left: 40 of 800 training rows are cut at 128 tokens; raise 'max-length' or shorten the texts"] : [];
        Assert.Equal(expected, StudyResult.Of(store).Warnings);
    }

    [Fact]
    public void A_search_that_has_not_ended_gives_what_is_known()
    {
        using var store = new InMemoryTrialStore();
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var runner = new SyntheticRunner
        {
            Instead = request =>
            {
                // baselines fill workers that would be idle, so that they are no measure of how far the stages are
                if (request.Key.Stage != FinalComparison.StageName && Interlocked.Increment(ref runs) == 15)
                {
                    stop.Cancel();
                    Thread.Sleep(20);
                }

                return null;
            },
        };
        Assert.Throws<OperationCanceledException>(() => Search(store, runner, stop: stop.Token));

        var result = StudyResult.Of(store);
        Assert.False(result.IsComplete);
        Assert.Equal((null, null, null), (result.Plan, result.Found, result.BestOther));
        Assert.Equal(["S0", "S1"], result.Stages.Select(stage => stage.Name));
        Assert.Equal((true, false), (result.Stages[0].IsDecided, result.Stages[1].IsDecided));
        Assert.NotNull(result.Stages[1].Options[0].Mean);
        Assert.Null(result.Stages[1].Options[^1].Mean);
        Assert.Null(result.Stages[1].Chosen);
    }

    [Fact]
    public void A_task_that_does_not_leave_chance_is_warned_of()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner
        {
            Instead = request => request.Key.Task == "left" ? SyntheticRunner.Outcome(50.5, request.Key.Epochs) : null,
        });
        Assert.Contains(result.Warnings, warning => warning.StartsWith("left: 156 of 156 trials", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, warning => warning.StartsWith("left: the found design scores 50.5, and guessing scores 50.0", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Warnings, warning => warning.StartsWith("family/right:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_winner_that_another_option_may_beat_is_not_certain_and_one_far_ahead_is()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner { Instead = WithNoiseOfOptions }, samples: 4);
        // a uniform allocation leads by ten standard errors; the spindle of S1 leads by less than three, which is not enough for the whole search
        Assert.True(result.Stages[2].IsCertain);
        StageResult[] tested = [.. result.Stages.Where(stage => stage.IsCertain is not null)];
        var corrected = SelectedBest.Corrected([.. tested.Select(stage => stage.Winner!.ProbabilityOfBest)]);
        foreach (var (stage, probability) in tested.Zip(corrected))
        {
            Assert.Equal(1, stage.Options.Sum(option => option.ProbabilityOfBest!.Value), 1e-6);
            Assert.Equal(probability!.Value, stage.CorrectedProbability!.Value, 1e-12);
            Assert.Equal(probability < 0.05, stage.IsCertain);
            Assert.Equal(
                stage.IsCertain == false, result.Warnings.Any(warning => warning.StartsWith($"{stage.Name}: not certain: {stage.Winner!.Name} leads", StringComparison.Ordinal)));
        }

        Assert.Contains(result.Stages, stage => stage.IsCertain == false);
    }

    [Fact]
    public void Designs_that_do_not_vary_say_nothing_about_chance_and_are_warned_of()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner
        {
            Instead = request => SyntheticRunner.Outcome(request.Plan is TuningPlan.Sized { Design.Grouping.Pattern: GroupingPattern.Spindle } ? 80 : 70, request.Key.Epochs),
        });
        Assert.Null(result.Stages[1].IsCertain);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("S1", StringComparison.Ordinal) && warning.Contains("zero variance", StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_on_which_every_side_guesses_does_not_count_in_differences()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner
        {
            Instead = request => request.Key.Task == "left" ? SyntheticRunner.Outcome(50.5 + request.Key.Seed % 10 / 10.0, request.Key.Epochs) : null,
        });
        Assert.Equal(["left"], result.Voting.AtChance);
        var full = result.Full!;
        Assert.Equal(result.Found!.Scores["family/right"] - full.Scores["family/right"], result.Against(full)!.Test.Estimate, 1e-9);
        Assert.Single(result.Against(full)!.Tasks);
    }

    [Fact]
    public void Groupings_that_are_not_exact_are_warned_of()
    {
        using var store = new InMemoryTrialStore();
        var warnings = Search(store, new SyntheticRunner()).Warnings;
        Assert.Contains(warnings, warning => warning.StartsWith("S1: uniform is not possible exactly", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, warning => warning.StartsWith("S1: spindle is not possible exactly", StringComparison.Ordinal));
    }

    [Fact]
    public void A_single_design_an_option_has_no_standard_error_and_is_warned_of()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner(), samples: 1);
        Assert.All(result.Stages.SelectMany(stage => stage.Options), option => Assert.Null(option.StandardError));
        Assert.Contains(result.Warnings, warning => warning.Contains("raise 'samples-per-option'", StringComparison.Ordinal));
    }

    [Fact]
    public void Differences_to_a_baseline_are_paired_by_seed()
    {
        var found = Side("found", (0, 80), (1, 82), (3, 90));
        var difference = PairedDifference.Of(found, Side("lora", (0, 79), (1, 83), (2, 10)), ["task"])!;
        Assert.Equal([1.0, -1.0], difference.Differences);
        Assert.Null(PairedDifference.Of(found, Side("lora", (2, 10)), ["task"]));
        Assert.Null(PairedDifference.Of(found, found, []));
    }

    [Fact]
    public void The_final_comparison_is_tested_row_by_row_and_no_stage_before_it_keeps_rows()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner { Instead = request => Predicted(request, new Random(request.Key.Seed)) });
        string[] tasks = ["left", "family/right"];
        Assert.Equal(
            result.Others.SelectMany(other => tasks.Prepend(null).Select(task => (other.Name, task))),
            result.Rows.Select(rows => (rows.Against, rows.Task)));
        foreach (var rows in result.Rows)
        {
            Assert.Equal(rows.Task is null ? 2 * Rows : Rows, rows.Rows);
            Assert.InRange(rows.Effect.Difference, rows.Effect.Lower, rows.Effect.Upper);
            var lead = result.Reference!.Mean - result.Others.First(other => other.Name == rows.Against).Mean;
            Assert.InRange(rows.SeedsAndRows!.Upper - rows.SeedsAndRows.Lower, 0.5 * (rows.Effect.Upper - rows.Effect.Lower), 5 * (rows.Effect.Upper - rows.Effect.Lower));
            Assert.Equal(rows.Effect.Difference, rows.SeedsAndRows.Difference, 1e-9);
            if (rows.Task is null) Assert.Equal(lead!.Value, rows.Effect.Difference, 1e-9);
            if (rows.Against == FinalComparison.Full) Assert.True(rows is { Effect.Lower: > 0, Probability: < 0.01 }, rows.ToString());
        }
        Assert.All(result.Sides, side => Assert.All(tasks, task => Assert.Equal(side.Scores[task], 100 * side.Metrics[task]["accuracy"], 1e-9)));
        foreach (var stage in store.Stages()) Assert.Equal(stage.Name == FinalComparison.StageName, store.Predictions(stage.Name).Count > 0);
    }

    [Fact]
    public void A_seed_that_one_side_did_not_train_to_the_end_is_in_no_test_over_rows()
    {
        using var store = new InMemoryTrialStore();
        var lost = 0;
        var result = Search(store, new SyntheticRunner
        {
            Instead = request => request.Plan is TuningPlan.Full && request.Key.Task == "left" && Interlocked.Increment(ref lost) == 1
                ? SyntheticRunner.Outcome(null, 1, "the loss was not finite")
                : Predicted(request, new Random(request.Key.Seed)),
        });
        var seeds = result.Study.FinalSeeds;
        Assert.All(result.Rows, rows => Assert.Equal(rows.Against == FinalComparison.Full ? seeds - 1 : seeds, rows.Seeds));
        Assert.Contains(result.Rows, rows => rows.Against == FinalComparison.Full);
    }

    [Fact]
    public void Rows_that_changed_while_the_search_ran_are_not_compared()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner
        {
            Instead = request => Predicted(request, new Random(request.Key.Seed)) is var outcome && request.Plan is TuningPlan.Full
                ? outcome with { Predictions = [new SplitPredictions.OfLabels("validation", ["accuracy"], new double[Rows], new double[Rows])] }
                : outcome,
        });
        Assert.NotEmpty(result.Rows);
        Assert.DoesNotContain(result.Rows, rows => rows.Against == FinalComparison.Full);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("full: not compared row by row:", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_of_their_own_select_even_where_every_side_scores_the_same_on_the_validation_rows()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner { Instead = request => WithNoiseOfOptions(request) is { } outcome ? outcome with { Validation = outcome.Score } : null });
        Assert.All(result.Sides, side => Assert.Equal(side.Mean, side.Validation));
        Assert.True(result.SelectsOnOwnRows);
        using var paper = new InMemoryTrialStore();
        Assert.False(Search(paper, new SyntheticRunner(), selecting: 0).SelectsOnOwnRows);
    }

    [Theory]
    [InlineData(20, "lora")]
    [InlineData(0, "found")]
    public void What_is_tested_is_the_winner_unless_the_validation_rows_chose_it(int selecting, string expected)
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner
        {
            Favourite = "lora",
            Instead = request => request.Key.Stage == FinalComparison.StageName && request.Key.Option == "lora" ? Predicted(request, new Random(7)) with { Score = 99 } : Predicted(request, new Random(request.Key.Seed)),
        }, selecting: selecting);
        Assert.Equal("lora", result.Winner!.Name);
        Assert.Equal(expected, result.Reference!.Name);
        Assert.Equal(result.Sides.Select(side => side.Name).Except([expected]), result.Others.Select(side => side.Name));
        Assert.Equal(result.Others.Select(side => side.Name), result.Rows.Select(rows => rows.Against).Distinct());
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("not compared row by row", StringComparison.Ordinal));
    }

    [Fact]
    public void The_winner_of_the_comparison_has_a_probability_of_being_the_best_side()
    {
        using var store = new InMemoryTrialStore();
        var result = Search(store, new SyntheticRunner { Instead = WithNoiseOfOptions });
        FinalResult[] within = [.. result.Sides.Where(side => side.IsWithinBudget)];
        Assert.Equal(1, within.Sum(side => side.ProbabilityOfBest!.Value), 1e-6);
        Assert.Equal(result.Winner, within.MaxBy(side => side.ProbabilityOfBest));
        Assert.Null(result.Full!.ProbabilityOfBest);
        using var alone = new InMemoryTrialStore();
        Assert.All(Search(alone, new SyntheticRunner { Instead = WithNoiseOfOptions }, finalSeeds: 1).Sides, side => Assert.Null(side.ProbabilityOfBest));
    }

    // full fine-tuning guesses, what is designed is right in nine rows of ten
    private static TrialOutcome Predicted(TrialRequest request, Random random)
    {
        double[] labels = [.. Enumerable.Range(0, Rows).Select(row => (double)(row % 2))];
        double[] predictions = [.. labels.Select(label => random.NextDouble() < (request.Plan is TuningPlan.Full ? 0.5 : 0.9) ? label : 1 - label)];
        SplitPredictions split = new SplitPredictions.OfLabels("validation", ["accuracy"], labels, predictions);
        return SyntheticRunner.Outcome(100 * split.Score("accuracy"), request.Key.Epochs) with { Predictions = [split] };
    }

    // options share their seeds, so that noise by the seed alone would leave no variance between pairs
    private static TrialOutcome? WithNoiseOfOptions(TrialRequest request) =>
        SyntheticRunner.Outcome(SyntheticRunner.Score(request) + DerivedSeed.Derive(1, request.Key.ToString()) % 1000 / 1000.0, request.Key.Epochs);

    private static FinalResult Side(string name, params (int Seed, double Mean)[] seeds) =>
        new(name, 1, seeds.ToDictionary(seed => seed.Seed, seed => seed.Mean), new Dictionary<string, double>(), seeds.Length, 0, null)
        {
            SeedScores = new Dictionary<string, IReadOnlyDictionary<int, double>> { ["task"] = seeds.ToDictionary(seed => seed.Seed, seed => seed.Mean) },
        };

    private static Trial Trial(long id, int sample, string task, double score) =>
        new(id, new(new("S1", "option", sample, task, 1, 1), new TuningPlan.Full()), TrialState.Completed)
        {
            Outcome = SyntheticRunner.Outcome(score, 1),
        };

    private static StudyResult Search(ITrialStore store, SyntheticRunner runner, int samples = 2, int selecting = 20, int finalSeeds = 2, CancellationToken? stop = null)
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(samples: samples, finalSeeds: finalSeeds));
        problem = problem with { Tasks = [.. problem.Tasks.Select(task => task with { AllRows = task.TrainingRows + selecting })] };
        using var workers = new InProcessWorkers(runner);
        return new SearchSession(problem, SearchPolicies.Create(problem), store, workers)
            .Run(stop: stop ?? TestContext.Current.CancellationToken);
    }
}
