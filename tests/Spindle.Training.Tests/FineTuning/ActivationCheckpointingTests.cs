using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.FineTuning;

public sealed class ActivationCheckpointingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-recomputed-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("lora", 1)]
    [InlineData("adapter+bitfit", 3)]
    [InlineData("full", 1)]
    public void A_training_that_computes_layers_again_ends_with_the_same_values_and_the_same_score(string strategies, int parts)
    {
        var (plain, recomputed) = (Train(false), Train(true));
        Assert.Equal(plain.Result.Score, recomputed.Result.Score);
        Assert.Equal(plain.Values, recomputed.Values);

        (FineTuningResult Result, byte[] Values) Train(bool recomputes)
        {
            using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Dropout = 0.1, ActivationCheckpointing = recomputes, GradientAccumulation = parts });
            var output = Path.Combine(folder.FullName, $"{recomputes}");
            var result = tuner.Train(SmallTuner.Request(strategies, epochs: 2, folder: output));
            return (result, File.ReadAllBytes(TunedFolder.WeightsPath(output)));
        }
    }
}
