using Spindle.Models.Checkpoints;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.FineTuning;

public sealed class AveragedRunsTests : IDisposable
{
    // without random initial values, so that runs with other seeds start at the same ones
    private static readonly TrainingSettings SameStart = SmallTuner.Training with { HeadStart = HeadStart.Probe };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-average-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_average_of_several_runs_is_the_mean_of_what_each_run_trains()
    {
        using var tuner = SmallTuner.Tuner(SameStart);
        var runs = Enumerable.Range(0, 3).Select(run => Weights(tuner, SmallTuner.Request("bitfit", seed: AveragedValues.Seed(11, run)), $"run-{run}")).ToArray();
        var average = Weights(tuner, SmallTuner.Request("bitfit", seed: 11) with { AveragedRuns = 3 }, "average");
        Assert.NotEqual(runs[0].Values.SelectMany(values => values), runs[1].Values.SelectMany(values => values));
        foreach (var (name, values) in average)
            for (var index = 0; index < values.Length; index++)
                Assert.Equal(runs.Average(run => run[name][index]), values[index], 1e-5);
    }

    [Fact]
    public void An_average_reports_the_rows_and_steps_of_all_its_runs_and_one_score()
    {
        using var tuner = SmallTuner.Tuner(SameStart);
        var reports = new List<TrainingProgress>();
        var result = tuner.Run(SmallTuner.Request("lora", epochs: 2) with { AveragedRuns = 2 }, new Listener(reports.Add), TestContext.Current.CancellationToken);
        Assert.Equal(2 * 2 * SmallTuner.TrainRows, result.ExampleSteps);
        Assert.Equal([result.Score!.Value], result.EpochScores);
        Assert.Equal([2], result.ScoredEpochs);
        Assert.Equal(Enumerable.Range(1, reports[0].Steps), reports.Select(report => report.Step));
        Assert.Equal(result.ExampleSteps, reports[^1].Examples);
    }

    [Fact]
    public void The_setting_averages_every_training_and_one_run_is_a_training_as_before()
    {
        using var tuner = SmallTuner.Tuner(SameStart with { AveragedRuns = 2 });
        var averaged = tuner.Train(SmallTuner.Request("lora"));
        Assert.Equal(2 * SmallTuner.TrainRows, averaged.ExampleSteps);
        var single = tuner.Train(SmallTuner.Request("lora") with { AveragedRuns = 1 });
        using var plain = SmallTuner.Tuner(SameStart);
        Assert.Equal(plain.Train(SmallTuner.Request("lora")).Score, single.Score);
        Assert.Contains("'averaged-runs' is 0", Assert.Throws<InvalidDataException>(() => tuner.Train(SmallTuner.Request("lora") with { AveragedRuns = 0 })).Message, StringComparison.Ordinal);
    }

    private Dictionary<string, float[]> Weights(FineTuner tuner, FineTuningRequest request, string name)
    {
        var output = Path.Combine(folder.FullName, name);
        tuner.Train(request with { Output = output });
        using var file = SafetensorsFile.Open(TunedFolder.WeightsPath(output));
        return file.Tensors.Keys.ToDictionary(key => key, key =>
        {
            using var tensor = file.Read(key);
            return tensor.data<float>().ToArray();
        });
    }

    private sealed class Listener(Action<TrainingProgress> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act(value);
    }
}
