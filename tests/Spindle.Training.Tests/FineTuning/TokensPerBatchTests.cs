using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.FineTuning;

public sealed class TokensPerBatchTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-tokens-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Steps_of_limited_tokens_train_every_row_and_resume_with_the_same_bits()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { TokensPerBatch = 200 });
        var request = SmallTuner.Request("lora", epochs: 2);
        var (steps, total) = (0, 0);
        var straight = Run(tuner, request, "straight", report => (steps, total) = (report.Step, report.Steps));
        // pairs of this task have more than 12 tokens, so 200 tokens hold fewer than 16 rows
        Assert.True(steps > 2 * SmallTuner.TrainRows / 16);
        Assert.Equal(total, steps);
        Assert.Equal(2 * SmallTuner.TrainRows, straight.Result.ExampleSteps);

        request = request with { Checkpoint = Path.Combine(folder.FullName, "run.training") };
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => tuner.Run(request, new Listener(report =>
        {
            if (report.Step == 5) stop.Cancel();
        }), stop.Token));
        var first = 0;
        var resumed = Run(tuner, request, "resumed", report => first = first == 0 ? report.Step : first);
        // a step is reported when the next one is on its way
        Assert.InRange(first, 6, 7);
        Assert.Equal(straight.Values, resumed.Values);
        Assert.Equal(straight.Result.Score, resumed.Result.Score);
    }

    private (FineTuningResult Result, byte[] Values) Run(FineTuner tuner, FineTuningRequest request, string name, Action<TrainingProgress> seen)
    {
        var output = Path.Combine(folder.FullName, name);
        var result = tuner.Run(request with { Output = output }, new Listener(seen), TestContext.Current.CancellationToken);
        return (result, File.ReadAllBytes(TunedFolder.WeightsPath(output)));
    }

    private sealed class Listener(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
