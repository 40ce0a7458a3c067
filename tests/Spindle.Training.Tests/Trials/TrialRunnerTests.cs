using Spindle.Data.Tasks;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Training.Trials;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Trials;

public class TrialRunnerTests
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
        var request = SmallStudy.Request(strategies, epochs: 2);
        using var runner = SmallStudy.Runner();
        var first = runner.Run(request);
        AssertScored(first, request);
        AssertSame(first, runner.Run(request));

        runner.Run(SmallStudy.Request("full", seed: 5));
        runner.Run(SmallStudy.Request("adapter+prefix", "builtin/sentiment", seed: 6));
        using (var stop = new CancellationTokenSource())
            Assert.ThrowsAny<OperationCanceledException>(() => runner.Run(SmallStudy.Request("bitfit+lora"), new Listener(_ => stop.Cancel()), stop.Token));
        manual_seed(99);
        AssertSame(first, runner.Run(request));

        using var fresh = SmallStudy.Runner();
        AssertSame(first, fresh.Run(request));
    }

    [Theory]
    [InlineData("sst2")]
    [InlineData("mrpc")]
    [InlineData("stsb")]
    public void Trials_on_GLUE_give_bit_equal_scores_again(string task)
    {
        using var runner = SmallStudy.Runner(data: SmallStudy.Glue);
        var request = SmallStudy.Request("adapter+lora", task);
        var first = runner.Run(request);
        AssertScored(first, request);
        runner.Run(SmallStudy.Request("prefix", task, seed: 1));
        AssertSame(first, runner.Run(request));
    }

    [Theory]
    [InlineData(Precision.BFloat16, null)]
    [InlineData(Precision.Float32, HeadKind.Joint)]
    [InlineData(Precision.BFloat16, HeadKind.Joint)]
    public void Other_precisions_and_heads_give_bit_equal_scores_again(Precision precision, HeadKind? head)
    {
        using var runner = SmallStudy.Runner(SmallStudy.Training with { Precision = precision, Head = head });
        var request = SmallStudy.Request("adapter+bitfit+lora+prefix");
        var first = runner.Run(request);
        AssertScored(first, request);
        runner.Run(SmallStudy.Request("full"));
        AssertSame(first, runner.Run(request));
    }

    [Fact]
    public void Another_seed_or_design_gives_another_score()
    {
        using var runner = SmallStudy.Runner();
        TrialRequest[] requests =
        [
            SmallStudy.Request("lora"), SmallStudy.Request("lora", seed: 12), SmallStudy.Request("adapter"), SmallStudy.Request("bitfit"),
            SmallStudy.Request("prefix"), SmallStudy.Request("full"), SmallStudy.Request("lora", epochs: 2),
        ];
        double[] scores = [.. requests.Select(request => runner.Run(request).Score!.Value)];
        Assert.Equal(scores.Length, scores.Distinct().Count());
    }

    [Fact]
    public void Trained_parameters_stay_within_the_budget_and_the_head_is_counted_apart()
    {
        using var runner = SmallStudy.Runner();
        foreach (var strategies in new[] { "lora", "adapter", "prefix", "adapter+bitfit+lora+prefix" })
        {
            var outcome = runner.Run(SmallStudy.Request(strategies));
            Assert.InRange(outcome.Trained, runner.Budget * 9 / 10, runner.Budget);
            Assert.Equal(4 * 384 + 1, outcome.HeadParameters);
        }
        Assert.Equal(runner.Shape.Parameters, runner.Run(SmallStudy.Request("full")).Trained);
    }

    public static TheoryData<double, string, string, int> Wrecks => new()
    {
        { double.NaN, "lora", SmallStudy.Builtin, SmallStudy.TrainRows },
        { double.NaN, "full", "builtin/sentiment", SmallStudy.TrainRows },
        { double.PositiveInfinity, "adapter", SmallStudy.Builtin, SmallStudy.TrainRows },
        { 1e38, "lora", SmallStudy.Builtin, SmallStudy.TrainRows },
        { 1e38, "adapter+prefix", "builtin/sentiment", SmallStudy.TrainRows },
        { 1e38, "full", SmallStudy.Builtin, SmallStudy.TrainRows },
        // a single step: no later loss tells that it went wrong
        { double.NaN, "lora", SmallStudy.Builtin, 16 },
        { double.NaN, "lora", "builtin/sentiment", 16 },
        { 1e38, "bitfit", "builtin/sentiment", 16 },
        { 1e38, "bitfit", SmallStudy.Builtin, 16 },
    };

    [Theory]
    [MemberData(nameof(Wrecks))]
    public void A_learning_rate_that_wrecks_the_model_is_a_failed_outcome_and_leaves_the_next_trial_alone(
        double rate, string strategies, string task, int rows)
    {
        var settings = SmallStudy.Training with { LearningRate = rate, FullLearningRate = rate, WarmUp = 0, TrainLimit = rows };
        using var runner = SmallStudy.Runner(settings);
        var outcome = runner.Run(SmallStudy.Request(strategies, task, epochs: 1));
        Assert.Null(outcome.Score);
        Assert.Contains("not finite", outcome.Failure);
        Assert.DoesNotContain('\n', outcome.Failure!);
        Assert.Empty(outcome.Metrics);
        Assert.Empty(outcome.EpochScores);
        Assert.True(outcome.ExampleSteps <= rows);
        Assert.Empty(outcome.Predictions);
        Assert.Equal(Bare(outcome), Bare(runner.Run(SmallStudy.Request(strategies, task, epochs: 1))));
    }

    [Fact]
    public void A_failed_trial_keeps_no_tuned_folder()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"spindle-wreck-{Guid.NewGuid():N}");
        using var runner = SmallStudy.Runner(SmallStudy.Training with { LearningRate = double.NaN });
        Assert.NotNull(runner.Run(SmallStudy.Request("lora", folder: folder)).Failure);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Limits_draw_that_many_rows_and_none_takes_all()
    {
        using (var limited = SmallStudy.Runner())
        {
            Assert.Equal(SmallStudy.TrainRows, limited.Task(SmallStudy.Builtin).Train.Count);
            Assert.Equal(SmallStudy.ValidationRows, Assert.Single(limited.Task(SmallStudy.Builtin).Validation).Rows.Count);
            var request = SmallStudy.Request("lora", epochs: 2);
            Assert.Equal(2 * SmallStudy.TrainRows, limited.Run(request).ExampleSteps);
        }
        var data = TaskCatalogue.Default.Load(SmallStudy.Builtin, null);
        foreach (var limit in new int?[] { null, 1_000_000 })
        {
            using var whole = SmallStudy.Runner(SmallStudy.Training with { TrainLimit = limit, ValidationLimit = limit });
            Assert.Equal(data.Train.Examples.Count, whole.Task(SmallStudy.Builtin).Train.Count);
            Assert.Equal(data.Validation[0].Examples.Count, whole.Task(SmallStudy.Builtin).Validation[0].Rows.Count);
        }
    }

    [Fact]
    public void Every_split_of_a_GLUE_task_is_limited()
    {
        using var runner = SmallStudy.Runner(data: SmallStudy.Glue);
        var task = runner.Task("rte");
        Assert.Equal(SmallStudy.TrainRows, task.Train.Count);
        Assert.All(task.Validation, split => Assert.Equal(SmallStudy.ValidationRows, split.Rows.Count));
        Assert.All(task.Train, row => Assert.InRange(row.First.Ids.Length, 3, SmallStudy.Training.MaxLength));
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
            using var runner = SmallStudy.Runner(seed: seed);
            return [.. runner.Task(SmallStudy.Builtin).Train.Select(row => string.Join(' ', row.First.Ids))];
        }
    }

    [Fact]
    public void Progress_is_told_after_every_step_and_a_stopped_trial_stops_there()
    {
        using var runner = SmallStudy.Runner();
        var told = new List<TrialProgress>();
        runner.Run(SmallStudy.Request("lora", epochs: 2), new Listener(told.Add), TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4, 5, 6], told.Select(progress => progress.Step));
        Assert.All(told, progress => Assert.Equal((6, 16L * progress.Step), (progress.Steps, progress.Examples)));
        Assert.All(told, progress => Assert.True(double.IsFinite(progress.Loss!.Value)));

        told.Clear();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => runner.Run(SmallStudy.Request("lora", epochs: 2), new Listener(progress =>
        {
            told.Add(progress);
            if (progress.Step == 4) stop.Cancel();
        }), stop.Token));
        Assert.Equal(4, told.Count);
    }

    [Fact]
    public void Trials_leave_no_tensors_behind()
    {
        using var runner = SmallStudy.Runner();
        runner.Run(SmallStudy.Request("adapter+bitfit+lora+prefix"));
        var before = Tensor.TotalCount;
        runner.Run(SmallStudy.Request("adapter+bitfit+lora+prefix"));
        runner.Run(SmallStudy.Request("full"));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void An_unknown_task_or_backbone_is_bad_input()
    {
        using var runner = SmallStudy.Runner();
        Assert.Contains("'builtin/telepathy'", Assert.Throws<InvalidDataException>(() => runner.Run(SmallStudy.Request("lora", "builtin/telepathy"))).Message);
        Assert.Throws<DirectoryNotFoundException>(() => runner.Run(SmallStudy.Request("lora", "sst2")));
        Assert.Throws<DirectoryNotFoundException>(
            () => new TrialRunner(SmallStudy.Of() with { Backbone = "absent" }, TaskCatalogue.Default, Models.Tuning.StrategyRegistry.Default));
    }

    private static void AssertScored(TrialOutcome outcome, TrialRequest request)
    {
        Assert.Null(outcome.Failure);
        Assert.Equal(request.Epochs, outcome.EpochScores.Count);
        Assert.Equal(outcome.Score, outcome.EpochScores[^1]);
        Assert.NotEmpty(outcome.Metrics);
        Assert.Equal(outcome.Score!.Value, outcome.Metrics.Values.Average() * 100, 1e-9);
        Assert.Equal(request.Epochs * SmallStudy.TrainRows, outcome.ExampleSteps);
        Assert.NotEmpty(outcome.Predictions);
        Assert.All(outcome.Predictions, split => Assert.Equal(SmallStudy.ValidationRows, split.Rows));
        Assert.Equal(outcome.Score!.Value, outcome.Predictions.Average(split => 100 * split.Metrics.Average(split.Score)), 1e-9);
    }

    private static void AssertSame(TrialOutcome expected, TrialOutcome actual)
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

    private static TrialOutcome Bare(TrialOutcome outcome) => outcome with { Seconds = 0, Metrics = Empty, EpochScores = None, Predictions = NoPredictions };

    private sealed class Listener(Action<TrialProgress> tell) : IProgress<TrialProgress>
    {
        public void Report(TrialProgress value) => tell(value);
    }
}
