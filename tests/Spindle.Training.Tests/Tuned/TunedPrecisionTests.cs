using System.Text.Json.Nodes;
using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Metrics.Predictions;
using Spindle.Models.Devices;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.Tuned;

public sealed class TunedPrecisionTests : IDisposable
{
    private const int StudySeed = 3;

    // few rows: where the processor emulates bfloat16, one takes about a second
    private const int Rows = 12;

    private static readonly bool IsNative = NativeBFloat16.Resolve(Precision.Auto, DeviceChoice.Auto) == Precision.BFloat16;

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("spindle-precision-");

    public void Dispose() => root.Delete(recursive: true);

    [Theory]
    [InlineData("adapter+bitfit+lora+prefix")]
    [InlineData("full")]
    public void A_model_trained_in_bfloat16_is_evaluated_to_the_score_of_its_training(string strategies)
    {
        var (folder, result) = Train(Precision.BFloat16, strategies);
        Assert.Contains("\"precision\": \"bfloat16\"", File.ReadAllText(TunedFolder.RecordPath(folder)), StringComparison.Ordinal);

        // an emulated precision has to be asked for
        var (asRecorded, scores) = Evaluate(folder, IsNative ? null : Precision.BFloat16);
        Assert.Equal(Precision.BFloat16, asRecorded);
        Assert.Equal(result.Score!.Value, scores.Score);
        Assert.Equal(result.Metrics, scores.Metrics);
        Assert.Equal(Values(result.Predictions), Values(scores.Predictions));
    }

    [Fact]
    public void A_precision_that_is_asked_for_wins_over_the_recorded_one()
    {
        var (folder, result) = Train(Precision.BFloat16, "lora");
        var (single, scores) = Evaluate(folder, Precision.Float32);
        Assert.Equal(Precision.Float32, single);
        var (trained, read) = (Values(result.Predictions), Values(scores.Predictions));
        Assert.NotEqual(trained, read);
        Assert.All(trained.Zip(read), pair => Assert.Equal(pair.First, pair.Second, 0.05));

        var (own, _) = Train(Precision.Float32, "bitfit");
        Assert.Equal(IsNative ? Precision.BFloat16 : Precision.Float32, Evaluate(own, Precision.Auto).Precision);
    }

    [Fact]
    public void A_folder_that_names_no_precision_is_read_in_float32()
    {
        var (folder, result) = Train(Precision.Float32, "lora");
        Assert.Equal(Precision.Float32, TunedFolder.Read(folder).Precision);
        Change(folder, record => Assert.True(record.Remove("precision")));
        var (precision, scores) = Evaluate(folder, null);
        Assert.Equal((Precision.Float32, result.Score), (precision, scores.Score));
    }

    [Fact]
    public void An_automatic_precision_is_recorded_as_what_it_stood_for()
    {
        var (folder, _) = Train(Precision.Auto, "bitfit");
        Assert.Equal(IsNative ? Precision.BFloat16 : Precision.Float32, TunedFolder.Read(folder).Precision);
        Change(folder, record => record["precision"] = "auto");
        Assert.Contains("the precision must be float32 or bfloat16", Assert.Throws<InvalidDataException>(() => TunedFolder.Read(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Precision.BFloat16, null, Precision.BFloat16, Precision.BFloat16, false)]
    [InlineData(Precision.BFloat16, null, Precision.Float32, Precision.Float32, true)]
    [InlineData(Precision.BFloat16, Precision.BFloat16, Precision.Float32, Precision.BFloat16, false)]
    [InlineData(Precision.BFloat16, Precision.Auto, Precision.Float32, Precision.Float32, false)]
    [InlineData(Precision.Float32, null, Precision.BFloat16, Precision.Float32, false)]
    [InlineData(Precision.Float32, Precision.BFloat16, Precision.BFloat16, Precision.BFloat16, false)]
    public void A_device_that_only_emulates_bfloat16_reads_in_float32_and_says_so(Precision recorded, Precision? asked, Precision native, Precision expected, bool warns)
    {
        var served = ServedPrecision.Of(recorded, asked, native);
        Assert.Equal((expected, warns), (served.Precision, served.Warning is not null));
        if (warns) Assert.Contains("trained in bfloat16, which is emulated here and slow, so it is read in float32", served.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_of_several_precisions_share_a_backbone_only_in_one_that_is_asked_for()
    {
        Assert.SkipUnless(IsNative, "bfloat16 is emulated here, so every folder is read in float32");
        string[] folders = [Train(Precision.Float32, "lora").Folder, Train(Precision.BFloat16, "bitfit").Folder];
        var refused = Assert.Throws<InvalidDataException>(() => TunedCollection.Load(folders));
        Assert.Equal($"{folders[1]}: was tuned in bfloat16, but {folders[0]} in float32; load it separately, or ask for one precision for all", refused.Message);

        using var models = TunedCollection.Load(folders, precision: Precision.Float32);
        Assert.Equal(Precision.Float32, models.Precision);
        using var alone = TunedPredictor.Load(folders[1], precision: Precision.Float32);
        var row = TaskCatalogue.Default.Load(SmallTuner.Builtin, null).Validation[0].Examples[0];
        Assert.Equal(Assert.Single(alone.Predict([row], TestContext.Current.CancellationToken)).Value, Assert.Single(models.Predict([(1, row)], TestContext.Current.CancellationToken)).Value);
    }

    private (string Folder, FineTuningResult Result) Train(Precision precision, string strategies)
    {
        var folder = Path.Combine(root.FullName, strategies);
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Precision = precision, TrainLimit = Rows, ValidationLimit = Rows, BatchSize = 4 }, seed: StudySeed);
        var result = tuner.Train(SmallTuner.Request(strategies, folder: folder));
        Assert.Null(result.Failure);
        return (folder, result);
    }

    private static (Precision Precision, TaskScores Scores) Evaluate(string folder, Precision? precision)
    {
        using var predictor = TunedPredictor.Load(folder, precision: precision);
        var data = TaskCatalogue.Default.Load(SmallTuner.Builtin, null);
        return (predictor.Precision, predictor.Evaluate(
            data with { Validation = [.. data.Validation.Select(split => split with { Examples = RowSample.Draw(split.Examples, Rows, StudySeed) })] }, TestContext.Current.CancellationToken));
    }

    private static double[] Values(IReadOnlyList<SplitPredictions> splits) => [.. splits.OfType<SplitPredictions.OfLabels>().SelectMany(split => split.Predictions)];

    private static void Change(string folder, Action<JsonObject> change)
    {
        var path = TunedFolder.RecordPath(folder);
        var record = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(record);
        File.WriteAllText(path, record.ToJsonString());
    }
}
