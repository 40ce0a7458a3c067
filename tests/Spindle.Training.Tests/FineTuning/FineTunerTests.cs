using Spindle.Data.Tasks;
using Spindle.Metrics.Predictions;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.FineTuning;

public class FineTunerTests
{
    private static readonly double[] None = [];
    private static readonly SplitPredictions[] NoPredictions = [];
    private static readonly Dictionary<string, double> Empty = [];

    [Theory]
    [InlineData("lora")]
    [InlineData("adapter+bitfit+lora+prefix")]
    [InlineData("full")]
    public void A_request_gives_bit_equal_scores_again_and_after_other_trials(string strategies)
    {
        var request = SmallTuner.Request(strategies, epochs: 2);
        using var tuner = SmallTuner.Tuner();
        var first = tuner.Train(request);
        AssertScored(first, request);
        AssertSame(first, tuner.Train(request));

        tuner.Train(SmallTuner.Request("full", seed: 5));
        tuner.Train(SmallTuner.Request("adapter+prefix", "builtin/sentiment", seed: 6));
        using (var stop = new CancellationTokenSource())
            Assert.ThrowsAny<OperationCanceledException>(() => tuner.Run(SmallTuner.Request("bitfit+lora"), new Listener(_ => stop.Cancel()), stop.Token));
        manual_seed(99);
        AssertSame(first, tuner.Train(request));

        using var fresh = SmallTuner.Tuner();
        AssertSame(first, fresh.Train(request));
    }

    [Fact]
    public void A_training_that_diverges_is_repeated_once_at_a_third_of_the_rate()
    {
        var request = SmallTuner.Request("bitfit");
        var before = Train(30, request);
        Assert.Null(before.Failure);
        for (var rate = 90.0; ; rate *= 3)
        {
            var alone = Train(rate, request);
            if (alone.Failure is { } failure)
            {
                var retried = Train(rate, request with { RetriesDivergence = true });
                Assert.Equal(failure, retried.Diverged);
                Assert.Equal(before.Score!.Value, retried.Score!.Value, 1e-9);
                Assert.Equal(alone.ExampleSteps + before.ExampleSteps, retried.ExampleSteps);
                return;
            }

            before = alone;
        }

        static FineTuningResult Train(double rate, FineTuningRequest request)
        {
            using var tuner = SmallTuner.Unchecked(SmallTuner.Training with { LearningRate = rate });
            return tuner.Train(request);
        }
    }

    [Fact]
    public void Without_values_a_tuner_knows_shape_costs_and_rows_and_trains_nothing()
    {
        using var whole = SmallTuner.Tuner();
        using var outline = new FineTuner(new("minilm-l6") { Settings = SmallTuner.Training, RowSeed = 3, ReadsWeights = false });
        Assert.Equal(whole.Shape.Parameters, outline.Shape.Parameters);
        Assert.Equal(whole.HeadOf(SmallTuner.Builtin), outline.HeadOf(SmallTuner.Builtin));
        Assert.Equal(whole.Task(SmallTuner.Builtin).Digests[0].Digests, outline.Task(SmallTuner.Builtin).Digests[0].Digests);
        Assert.Contains("ReadsWeights", Assert.Throws<InvalidOperationException>(() => outline.Train(SmallTuner.Request("lora"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_and_conditions_out_of_range_are_refused_by_name()
    {
        Refused(() => SmallTuner.Tuner(SmallTuner.Training with { Dropout = 1 }).Dispose(), "'dropout' is 1; it must be a number from 0 to 0.95");
        Refused(() => SmallTuner.Tuner(SmallTuner.Training with { LearningRate = double.NaN }).Dispose(), "'learning-rate' is NaN");
        Refused(() => SmallTuner.Tuner(SmallTuner.Training with { Precision = (Precision)7 }).Dispose(), "one of float32");
        using var tuner = SmallTuner.Tuner();
        Refused(() => tuner.Train(SmallTuner.Request("lora", epochs: -1)), "'epochs' is -1");
        Refused(() => tuner.Train(SmallTuner.Request("lora") with { LearningRate = 0 }), "'learning-rate' is 0");
        Refused(() => tuner.Train(SmallTuner.Request("lora") with { TrainingRows = 0 }), "'train-limit' is 0");

        static void Refused(Action act, string part) => Assert.Contains(part, Assert.Throws<InvalidDataException>(act).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sst2")]
    [InlineData("mrpc")]
    [InlineData("stsb")]
    public void Trials_on_GLUE_give_bit_equal_scores_again(string task)
    {
        using var tuner = SmallTuner.Tuner(data: SmallTuner.Glue);
        var request = SmallTuner.Request("adapter+lora", task);
        var first = tuner.Train(request);
        AssertScored(first, request);
        tuner.Train(SmallTuner.Request("prefix", task, seed: 1));
        AssertSame(first, tuner.Train(request));
    }

    [Theory]
    [InlineData(Precision.BFloat16, null)]
    [InlineData(Precision.Float32, HeadKind.Joint)]
    [InlineData(Precision.BFloat16, HeadKind.Joint)]
    public void Other_precisions_and_heads_give_bit_equal_scores_again(Precision precision, HeadKind? head)
    {
        // few rows: where the processor emulates bfloat16, one takes about a second
        const int rows = 8;
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Precision = precision, Head = head, TrainLimit = rows, ValidationLimit = rows, BatchSize = 4 });
        var request = SmallTuner.Request("adapter+bitfit+lora+prefix");
        var first = tuner.Train(request);
        AssertScored(first, request, rows, rows);
        tuner.Train(SmallTuner.Request("full"));
        AssertSame(first, tuner.Train(request));
    }

    [Fact]
    public void Another_seed_or_design_gives_another_score()
    {
        using var tuner = SmallTuner.Tuner();
        FineTuningRequest[] requests =
        [
            SmallTuner.Request("lora"), SmallTuner.Request("lora", seed: 12), SmallTuner.Request("adapter"), SmallTuner.Request("bitfit"),
            SmallTuner.Request("prefix"), SmallTuner.Request("full"), SmallTuner.Request("lora", epochs: 2),
        ];
        double[] scores = [.. requests.Select(request => tuner.Train(request).Score!.Value)];
        Assert.Equal(scores.Length, scores.Distinct().Count());
    }

    [Fact]
    public void Trained_parameters_stay_within_the_budget_and_the_head_is_counted_apart()
    {
        using var tuner = SmallTuner.Tuner();
        foreach (var strategies in new[] { "lora", "adapter", "prefix", "adapter+bitfit+lora+prefix" })
        {
            var result = tuner.Train(SmallTuner.Request(strategies));
            Assert.InRange(result.Trained, SmallTuner.Budget * 9 / 10, SmallTuner.Budget);
            Assert.Equal(4 * 384 + 1, result.HeadParameters);
        }
        Assert.Equal(tuner.Shape.Parameters, tuner.Train(SmallTuner.Request("full")).Trained);
    }

    public static TheoryData<double, string, string, int> Wrecks => new()
    {
        { double.NaN, "lora", SmallTuner.Builtin, SmallTuner.TrainRows },
        { double.NaN, "full", "builtin/sentiment", SmallTuner.TrainRows },
        { double.PositiveInfinity, "adapter", SmallTuner.Builtin, SmallTuner.TrainRows },
        { 1e38, "lora", SmallTuner.Builtin, SmallTuner.TrainRows },
        { 1e38, "adapter+prefix", "builtin/sentiment", SmallTuner.TrainRows },
        { 1e38, "full", SmallTuner.Builtin, SmallTuner.TrainRows },
        // a single step: no later loss tells that it went wrong
        { double.NaN, "lora", SmallTuner.Builtin, 16 },
        { double.NaN, "lora", "builtin/sentiment", 16 },
        { 1e38, "bitfit", "builtin/sentiment", 16 },
        { 1e38, "bitfit", SmallTuner.Builtin, 16 },
    };

    [Theory]
    [MemberData(nameof(Wrecks))]
    public void A_learning_rate_that_wrecks_the_model_is_a_failed_outcome_and_leaves_the_next_trial_alone(
        double rate, string strategies, string task, int rows)
    {
        var settings = SmallTuner.Training with { LearningRate = rate, FullLearningRate = rate, WarmUp = 0, TrainLimit = rows };
        using var tuner = SmallTuner.Unchecked(settings);
        var result = tuner.Train(SmallTuner.Request(strategies, task, epochs: 1));
        Assert.Null(result.Score);
        Assert.Contains("not finite", result.Failure);
        Assert.DoesNotContain('\n', result.Failure!);
        Assert.Empty(result.Metrics);
        Assert.Empty(result.EpochScores);
        Assert.True(result.ExampleSteps <= rows);
        Assert.Empty(result.Predictions);
        Assert.Equal(Bare(result), Bare(tuner.Train(SmallTuner.Request(strategies, task, epochs: 1))));
    }

    [Fact]
    public void A_failed_trial_keeps_no_tuned_folder()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"spindle-wreck-{Guid.NewGuid():N}");
        using var tuner = SmallTuner.Unchecked(SmallTuner.Training with { LearningRate = double.NaN });
        Assert.NotNull(tuner.Train(SmallTuner.Request("lora", folder: folder)).Failure);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Limits_draw_that_many_rows_and_none_takes_all()
    {
        using (var limited = SmallTuner.Tuner())
        {
            Assert.Equal(SmallTuner.TrainRows, limited.Task(SmallTuner.Builtin).Train.Count);
            Assert.Equal(SmallTuner.ValidationRows, Assert.Single(limited.Task(SmallTuner.Builtin).Validation).Rows.Count);
            var request = SmallTuner.Request("lora", epochs: 2);
            Assert.Equal(2 * SmallTuner.TrainRows, limited.Train(request).ExampleSteps);
        }
        var data = TaskCatalogue.Default.Load(SmallTuner.Builtin, null);
        foreach (var limit in new int?[] { null, 1_000_000 })
        {
            using var whole = SmallTuner.Tuner(SmallTuner.Training with { TrainLimit = limit, ValidationLimit = limit });
            Assert.Equal(data.Train.Examples.Count, whole.Task(SmallTuner.Builtin).Train.Count);
            Assert.Equal(data.Validation[0].Examples.Count, whole.Task(SmallTuner.Builtin).Validation[0].Rows.Count);
        }
    }

    [Fact]
    public void Selection_rows_come_from_the_training_rows_and_the_validation_rows_are_scored_for_finalists_alone()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Selection = 0.25 });
        var task = tuner.Task(SmallTuner.Builtin);
        Assert.Equal((36, 12), (task.Train.Count, task.Selection.Count));
        using (var whole = SmallTuner.Tuner())
            Assert.Equal(Texts(whole.Task(SmallTuner.Builtin).Train), Texts(task.Train.Concat(task.Selection)));

        var candidate = tuner.Train(SmallTuner.Request("lora", epochs: 2) with { ScoresValidation = false });
        Assert.Null(candidate.Validation);
        Assert.Empty(candidate.Predictions);
        Assert.Equal(2, candidate.EpochScores.Count);
        var finalist = tuner.Train(SmallTuner.Request("lora", epochs: 2));
        Assert.Equal((candidate.Score, candidate.EpochScores[0]), (finalist.Score, finalist.EpochScores[0]));
        Assert.NotNull(finalist.Validation);
        Assert.NotEqual(finalist.Score, finalist.Validation);
        Assert.Equal(SmallTuner.ValidationRows, Assert.Single(finalist.Predictions).Rows);
        Assert.Equal(finalist.Validation!.Value, 100 * finalist.Metrics.Values.Average(), 1e-9);

        static string[] Texts(IEnumerable<Spindle.Training.Batches.EncodedExample> rows) => [.. rows.Select(row => string.Join(' ', row.First.Ids)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Validation_rows_are_scored_after_every_epoch_where_that_is_asked_for_and_change_no_training()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Selection = 0.25 });
        var usual = tuner.Train(SmallTuner.Request("lora", epochs: 3));
        Assert.Empty(usual.EpochValidations);
        var watched = tuner.Train(SmallTuner.Request("lora", epochs: 3) with { ScoresValidationEveryEpoch = true });
        Assert.Equal(usual.EpochScores, watched.EpochScores);
        Assert.Equal(usual.Validation, watched.Validation);
        Assert.Equal(3, watched.EpochValidations.Count);
        Assert.Equal(watched.Validation!.Value, watched.EpochValidations[^1], 1e-9);
        Assert.True(watched.EpochValidations.Distinct().Count() > 1, string.Join(", ", watched.EpochValidations));
        Assert.Empty(tuner.Train(SmallTuner.Request("lora", epochs: 2) with { ScoresValidationEveryEpoch = true, UsesAllRows = true }).EpochValidations);
    }

    [Fact]
    public void Selection_splits_differ_and_a_training_on_all_rows_leaves_none_to_select()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Selection = 0.25 });
        var scores = new[] { 0, 1, 2, 0 }.Select(split => tuner.Train(SmallTuner.Request("lora", epochs: 1) with { Split = split }).Score).ToArray();
        Assert.Equal(scores[0], scores[3]);
        Assert.True(scores.Distinct().Count() > 1, string.Join(", ", scores));
        var all = tuner.Train(SmallTuner.Request("lora", epochs: 2) with { UsesAllRows = true });
        Assert.Equal(2 * SmallTuner.TrainRows, all.ExampleSteps);
        Assert.Equal(all.Validation, all.Score);
    }

    [Fact]
    public void Scores_are_those_of_the_last_epoch_if_only_that_is_scored()
    {
        using var tuner = SmallTuner.Tuner();
        var every = tuner.Train(SmallTuner.Request("lora", epochs: 3));
        var last = tuner.Train(SmallTuner.Request("lora", epochs: 3) with { ScoresEveryEpoch = false });
        Assert.Equal(every.Score, last.Score);
        Assert.Equal([every.EpochScores[^1]], last.EpochScores);
        Assert.Equal([every.EpochScores.Count], last.ScoredEpochs);
        Assert.Equal(Enumerable.Range(1, every.EpochScores.Count), every.ScoredEpochs);
    }

    [Fact]
    public void Patience_ends_training_and_returns_to_the_best_epoch()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Patience = 1, LearningRate = 3e-2 });
        var result = tuner.Train(SmallTuner.Request("lora", epochs: 12));
        Assert.InRange(result.EpochScores.Count, 2, 11);
        Assert.Equal(result.EpochScores.Max(), result.Score);
        Assert.True(result.EpochScores[^1] <= result.Score);
    }

    [Fact]
    public void Patience_follows_the_rows_that_select_and_not_the_validation_rows()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Patience = 1, LearningRate = 3e-2, Selection = 0.25 });
        var result = tuner.Train(SmallTuner.Request("lora", epochs: 12) with { ScoresValidationEveryEpoch = true, ScoresValidation = true });
        var best = result.EpochScores.ToList().IndexOf(result.EpochScores.Max());
        Assert.Equal(result.EpochScores[best], result.Score);
        Assert.Equal(best + 2, result.EpochScores.Count);
        Assert.Equal(result.EpochValidations[best], result.Validation);
        Assert.NotEqual(result.EpochScores, result.EpochValidations);
    }

    [Fact]
    public void Every_split_of_a_GLUE_task_is_limited()
    {
        using var tuner = SmallTuner.Tuner(data: SmallTuner.Glue);
        var task = tuner.Task("rte");
        Assert.Equal(SmallTuner.TrainRows, task.Train.Count);
        Assert.All(task.Validation, split => Assert.Equal(SmallTuner.ValidationRows, split.Rows.Count));
        Assert.All(task.Train, row => Assert.InRange(row.First.Ids.Length, 3, SmallTuner.Training.MaxLength));
        Assert.All(task.Train, row => Assert.NotNull(row.Second));
    }

    [Fact]
    public void The_studys_seed_draws_the_rows()
    {
        var first = Rows(seed: 1);
        Assert.Equal(first, Rows(seed: 1));
        Assert.NotEqual(first, Rows(seed: 2));

        static string[] Rows(int seed)
        {
            using var tuner = SmallTuner.Tuner(seed: seed);
            return [.. tuner.Task(SmallTuner.Builtin).Train.Select(row => string.Join(' ', row.First.Ids))];
        }
    }

    [Fact]
    public void Progress_is_reported_after_every_step_and_a_stopped_trial_stops_there()
    {
        using var tuner = SmallTuner.Tuner();
        var reports = new List<TrainingProgress>();
        tuner.Run(SmallTuner.Request("lora", epochs: 2), new Listener(reports.Add), TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4, 5, 6], reports.Select(progress => progress.Step));
        Assert.All(reports, progress => Assert.Equal((6, 16L * progress.Step), (progress.Steps, progress.Examples)));
        Assert.All(reports, progress => Assert.True(double.IsFinite(progress.Loss!.Value)));

        reports.Clear();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => tuner.Run(SmallTuner.Request("lora", epochs: 2), new Listener(progress =>
        {
            reports.Add(progress);
            if (progress.Step == 4) stop.Cancel();
        }), stop.Token));
        Assert.Equal(4, reports.Count);
    }

    [Fact]
    public void A_second_training_in_the_process_is_refused_and_changes_nothing()
    {
        var request = SmallTuner.Request("lora");
        using var first = SmallTuner.Tuner(SmallTuner.Training with { Dropout = 0.1 });
        using var second = SmallTuner.Tuner(SmallTuner.Training with { Threads = 2 });
        var alone = first.Train(request);
        second.Train(request);
        var refused = 0;
        var disturbed = first.Run(request, new Listener(_ =>
        {
            foreach (var tuner in (FineTuner[])[first, second])
            {
                Assert.Contains("already running in this process", Assert.Throws<InvalidOperationException>(() => tuner.Train(request)).Message, StringComparison.Ordinal);
                refused++;
            }
        }), TestContext.Current.CancellationToken);
        Assert.Equal(6, refused);
        AssertSame(alone, disturbed);
        Assert.Null(second.Train(request).Failure);
    }

    [Fact]
    public void Trials_leave_no_tensors_behind()
    {
        using var tuner = SmallTuner.Tuner();
        tuner.Train(SmallTuner.Request("adapter+bitfit+lora+prefix"));
        var before = Tensor.TotalCount;
        tuner.Train(SmallTuner.Request("adapter+bitfit+lora+prefix"));
        Assert.Equal(before, Tensor.TotalCount);
        foreach (var strategies in (string[])["lora", "bitfit", "full"])
        {
            tuner.Train(SmallTuner.Request(strategies));
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void An_unknown_task_or_backbone_is_bad_input()
    {
        using var tuner = SmallTuner.Tuner();
        Assert.Contains("'builtin/telepathy'", Assert.Throws<InvalidDataException>(() => tuner.Train(SmallTuner.Request("lora", "builtin/telepathy"))).Message);
        Assert.ThrowsAny<DirectoryNotFoundException>(() => tuner.Train(SmallTuner.Request("lora", "sst2")));
        Assert.ThrowsAny<DirectoryNotFoundException>(
            () => SmallTuner.Tuner(backbone: "absent"));
    }

    private static void AssertScored(
        FineTuningResult result, FineTuningRequest request, int trainRows = SmallTuner.TrainRows, int validationRows = SmallTuner.ValidationRows)
    {
        Assert.Null(result.Failure);
        Assert.Equal(request.Epochs!.Value, result.EpochScores.Count);
        Assert.Equal(result.Score, result.EpochScores[^1]);
        Assert.NotEmpty(result.Metrics);
        Assert.Equal(result.Score!.Value, result.Metrics.Values.Average() * 100, 1e-9);
        Assert.Equal(request.Epochs!.Value * (long)trainRows, result.ExampleSteps);
        Assert.NotEmpty(result.Predictions);
        Assert.All(result.Predictions, split => Assert.Equal(validationRows, split.Rows));
        Assert.Equal(result.Score!.Value, result.Predictions.Average(split => 100 * split.Metrics.Average(split.Score)), 1e-9);
    }

    private static void AssertSame(FineTuningResult expected, FineTuningResult actual)
    {
        Assert.Equal(expected.EpochScores, actual.EpochScores);
        Assert.Equal(expected.Metrics, actual.Metrics);
        foreach (var (first, second) in expected.Predictions.Cast<SplitPredictions.OfLabels>().Zip(actual.Predictions.Cast<SplitPredictions.OfLabels>()))
        {
            Assert.Equal(first.Labels, second.Labels);
            Assert.Equal(first.Predictions, second.Predictions);
        }
        Assert.Equal(Bare(expected), Bare(actual));
    }

    private static FineTuningResult Bare(FineTuningResult result) => result with { Seconds = 0, Metrics = Empty, EpochScores = None, Predictions = NoPredictions };

    private sealed class Listener(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
