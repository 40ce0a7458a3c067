using Spindle.Models.Checkpoints;
using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.FineTuning;

public sealed class GradientAccumulationTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-accumulation-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(8, 8, false)]
    [InlineData(9, 8, true)]
    public void More_parts_than_rows_of_a_step_are_warned_about(int parts, int rows, bool isWarned)
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { GradientAccumulation = parts, BatchSize = rows });
        Assert.Equal(isWarned ? [$"gradient-accumulation {parts} is more than the {rows} rows of a step, which then has {rows} parts"] : [], tuner.Warnings);
    }

    [Theory]
    [InlineData("builtin/sentiment", 2)]
    [InlineData("builtin/sentiment", 5)]
    [InlineData("builtin/similarity", 16)]
    [InlineData("builtin/similarity", 1000)]
    public void A_step_in_parts_trains_the_same_as_a_whole_one(string task, int parts)
    {
        var (whole, inParts) = (Train(task, 1), Train(task, parts));
        Assert.Equal(whole.Result.ExampleSteps, inParts.Result.ExampleSteps);
        Assert.Equal(whole.Result.Score!.Value, inParts.Result.Score!.Value, 0.5);
        // Adam follows the sign of gradients that are almost zero, so single values may differ
        var differences = whole.Values.Zip(inParts.Values, (first, second) => Math.Abs(first - second)).ToArray();
        Assert.True(differences.Average() < 1e-5, $"the values differ by {differences.Average()} on average");
    }

    private (FineTuningResult Result, float[] Values) Train(string task, int parts)
    {
        // dropout draws other numbers for other shapes
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Dropout = 0, GradientAccumulation = parts });
        var output = Path.Combine(folder.FullName, $"{parts}");
        var result = tuner.Run(SmallTuner.Request("bitfit", epochs: 2) with { Task = task, Output = output }, stop: TestContext.Current.CancellationToken);
        using var file = SafetensorsFile.Open(TunedFolder.WeightsPath(output));
        return (result, [.. file.Tensors.Keys.Order(StringComparer.Ordinal).SelectMany(name =>
        {
            using var tensor = file.Read(name);
            return tensor.to(TorchSharp.torch.ScalarType.Float32).data<float>().ToArray();
        })]);
    }
}
