using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.FineTuning;

public sealed class TrainingCheckpointTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-checkpoint-");

    private string File => Path.Combine(folder.FullName, "run.training");

    private FineTuner Tuner { get; set; } = SmallTuner.Tuner();

    public void Dispose()
    {
        Tuner.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("lora", 1)]
    [InlineData("prefix", 5)]
    [InlineData("bitfit", 8)]
    public void A_training_that_is_stopped_after_any_step_resumes_with_the_same_bits(string strategies, int steps)
    {
        var request = Request(strategies);
        var (straight, expected) = Run(request, "straight");
        Stop(request, steps);
        Assert.True(System.IO.File.Exists(File));
        var seen = new List<int>();
        var (resumed, values) = Run(request with { Checkpoint = File }, "resumed", new Listener(report => seen.Add(report.Step)));
        Assert.All(seen, step => Assert.True(step > steps));
        Assert.Equal(expected, values);
        Assert.Equal(straight.Score, resumed.Score);
        Assert.Equal(straight.EpochScores, resumed.EpochScores);
        Assert.Equal(straight.ExampleSteps, resumed.ExampleSteps);
        Assert.True(resumed.Seconds > 0);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void A_training_reports_the_scores_of_its_earlier_epochs_also_once_it_has_resumed()
    {
        var request = Request("bitfit") with { BatchSize = 8 };
        var seen = new List<TrainingProgress>();
        var (straight, _) = Run(request, "straight", new Listener(seen.Add));
        var steps = seen.Count / 3;
        Assert.All(seen, report => Assert.Equal(straight.EpochScores.Take((report.Step - 1) / steps), report.EpochScores));

        Stop(request, steps + 2);
        seen.Clear();
        Run(request with { Checkpoint = File }, "resumed", new Listener(seen.Add));
        Assert.Equal(straight.EpochScores.Take(1), seen[0].EpochScores);
        Assert.Equal(straight.EpochScores.Take(2), seen[^1].EpochScores);
    }

    [Fact]
    public void A_training_that_keeps_its_best_epoch_resumes_with_it()
    {
        // a rate at which later epochs are worse
        Tuner.Dispose();
        Tuner = SmallTuner.Tuner(SmallTuner.Training with { Patience = 4 });
        var request = Request("lora") with { Epochs = 5, LearningRate = 3e-2 };
        var (straight, expected) = Run(request, "straight");
        Stop(request, 13);
        var (resumed, values) = Run(request with { Checkpoint = File }, "resumed");
        Assert.Equal(expected, values);
        Assert.Equal((straight.Score, straight.ExampleSteps), (resumed.Score, resumed.ExampleSteps));
        Assert.Equal(straight.EpochScores, resumed.EpochScores);
    }

    // two epochs of four steps in each of three runs
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(22)]
    public void An_average_of_several_runs_that_is_stopped_in_any_of_them_resumes_with_the_same_bits(int steps)
    {
        var request = Request("lora") with { Epochs = 2, BatchSize = 12, AveragedRuns = 3 };
        var (straight, expected) = Run(request, "straight");
        Stop(request, steps);
        var seen = new List<TrainingProgress>();
        var (resumed, values) = Run(request with { Checkpoint = File }, "resumed", new Listener(seen.Add));
        Assert.InRange(seen[0].Step, steps + 1, steps + 2);
        Assert.Equal((24, 24, 2L * 3 * SmallTuner.TrainRows), (seen[^1].Step, seen[^1].Steps, seen[^1].Examples));
        Assert.Equal(expected, values);
        Assert.Equal((straight.Score, straight.ExampleSteps), (resumed.Score, resumed.ExampleSteps));
        Assert.Equal(straight.EpochScores, resumed.EpochScores);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void An_average_that_is_stopped_again_and_again_ends_with_the_same_bits_and_counts_all_of_its_time()
    {
        var request = Request("prefix") with { Epochs = 2, BatchSize = 12, AveragedRuns = 3 };
        var (straight, expected) = Run(request, "straight");
        var seconds = 0.0;
        foreach (var steps in (int[])[2, 7, 11, 14, 19])
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            Stop(request, steps);
            seconds += clock.Elapsed.TotalSeconds;
        }

        var (resumed, values) = Run(request with { Checkpoint = File }, "resumed");
        Assert.Equal(expected, values);
        Assert.Equal((straight.Score, straight.ExampleSteps), (resumed.Score, resumed.ExampleSteps));
        // without what each process needs to begin
        Assert.InRange(resumed.Seconds, straight.Seconds / 2, seconds + straight.Seconds);
    }

    [Fact]
    public void A_file_of_an_average_is_not_taken_for_one_of_another_number_of_runs()
    {
        var request = Request("lora") with { Epochs = 1, BatchSize = 12, AveragedRuns = 3 };
        Stop(request, 6);
        foreach (var runs in (int[])[1, 2])
        {
            var (_, expected) = Run(request with { AveragedRuns = runs }, "straight");
            var first = 0;
            var (_, values) = Run(request with { AveragedRuns = runs, Checkpoint = File }, "resumed", new Listener(report => first = first == 0 ? report.Step : first));
            Assert.Equal(1, first);
            Assert.Equal(expected, values);
            Stop(request, 6);
        }
    }

    [Fact]
    public void A_training_that_is_killed_resumes_from_the_last_write()
    {
        var request = Request("lora") with { CheckpointInterval = TimeSpan.Zero, Checkpoint = File };
        var (_, expected) = Run(Request("lora"), "straight");
        var copy = File + ".copy";
        // what a process that is killed during the sixth step leaves
        Tuner.Run(request, new Listener(report =>
        {
            if (report.Step == 6) System.IO.File.Copy(File, copy, overwrite: true);
        }), TestContext.Current.CancellationToken);
        System.IO.File.Move(copy, File);
        var first = 0;
        var (_, values) = Run(request, "resumed", new Listener(report => first = first == 0 ? report.Step : first));
        Assert.InRange(first, 2, 6);
        Assert.Equal(expected, values);
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("rate")]
    [InlineData("rows")]
    [InlineData("damaged")]
    [InlineData("position")]
    public void A_file_of_another_training_or_a_damaged_one_is_ignored(string what)
    {
        Stop(Request("lora"), 4);
        var request = what switch
        {
            "seed" => Request("lora") with { Seed = 12 },
            "rate" => Request("lora") with { LearningRate = 1e-3 },
            "rows" => Request("lora") with { TrainingRows = 40 },
            _ => Request("lora"),
        };
        if (what == "damaged") System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..200]);
        if (what == "position") System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File, System.Text.Encoding.Latin1).Replace("Step", "Stop", StringComparison.Ordinal), System.Text.Encoding.Latin1);
        var (_, expected) = Run(request, "straight");
        var first = 0;
        var (_, values) = Run(request with { Checkpoint = File }, "resumed", new Listener(report => first = first == 0 ? report.Step : first));
        Assert.Equal(1, first);
        Assert.Equal(expected, values);
    }

    private static FineTuningRequest Request(string strategies) => SmallTuner.Request(strategies, epochs: 3);

    private void Stop(FineTuningRequest request, int steps)
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Tuner.Run(request with { Checkpoint = File }, new Listener(report =>
        {
            if (report.Step == steps) stop.Cancel();
        }), stop.Token));
    }

    private (FineTuningResult Result, byte[] Values) Run(FineTuningRequest request, string name, IProgress<TrainingProgress>? progress = null)
    {
        var output = Path.Combine(folder.FullName, name);
        var result = Tuner.Run(request with { Output = output }, progress, TestContext.Current.CancellationToken);
        return (result, System.IO.File.ReadAllBytes(TunedFolder.WeightsPath(output)));
    }

    private sealed class Listener(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
