using Spindle.Data.Tasks;
using Spindle.Metrics.Predictions;
using Spindle.Models.Tuning;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.Heads;

/// <summary>The similarity head over the embedded backbone, a sentence encoder.</summary>
public sealed class SimilarityTrainingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-similarity-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_is_the_default_for_values_over_pairs_and_a_random_head_is_there_when_asked_for()
    {
        using (var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = null }))
        {
            Assert.Equal(2 + 2 * 384, tuner.Train(SmallTuner.Request("lora")).HeadParameters);
            Assert.Equal(2 * 384 * 4 + 2, tuner.Train(FineTuningRequest.Untrained("builtin/entailment", 1)).HeadParameters);
            Assert.Equal(2 * 384 + 2, tuner.Train(FineTuningRequest.Untrained("builtin/sentiment", 1)).HeadParameters);
        }
        using var random = SmallTuner.Tuner(SmallTuner.Training with { Head = HeadKind.SentenceEncoder });
        Assert.Equal(4 * 384 + 1, random.Train(SmallTuner.Request("lora")).HeadParameters);
    }

    [Theory]
    [InlineData("builtin/sentiment")]
    [InlineData("builtin/entailment")]
    public void A_task_that_asks_for_something_else_is_refused(string task)
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = HeadKind.Similarity });
        var message = Assert.Throws<InvalidDataException>(() => tuner.Task(task)).Message;
        Assert.Contains($"task '{task}' does not ask for a value over pairs", message);
        Assert.Contains("head: sentence-encoder", message);
    }

    [Fact]
    public void Without_training_the_score_is_the_cosines_whatever_the_seed()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = HeadKind.Similarity });
        var cosine = tuner.Train(FineTuningRequest.Untrained(SmallTuner.Builtin, 1));
        Assert.Null(cosine.Failure);
        Assert.Equal((0L, 0L), (cosine.Trained, cosine.ExampleSteps));
        Assert.Empty(cosine.EpochScores);
        Assert.True(cosine.Score > 50, $"the cosine scores {cosine.Score}");
        Assert.Equal(cosine.Score, tuner.Train(FineTuningRequest.Untrained(SmallTuner.Builtin, 2)).Score);
        // LoRA changes nothing at first
        Assert.Equal(cosine.Score!.Value, tuner.Train(SmallTuner.Request("lora", epochs: 0)).Score!.Value, 1e-9);
        var range = TaskCatalogue.Default.Find(SmallTuner.Builtin).Range!;
        var values = Assert.IsType<SplitPredictions.OfLabels>(Assert.Single(cosine.Predictions)).Predictions;
        Assert.All(values, value => Assert.InRange(value, range.Minimum - (range.Maximum - range.Minimum), range.Maximum + 1e-4));
    }

    [Fact]
    public void Training_from_the_cosine_beats_training_from_a_random_head()
    {
        double Score(HeadKind head)
        {
            using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = head });
            return tuner.Train(SmallTuner.Request("lora")).Score!.Value;
        }

        Assert.True(Score(HeadKind.Similarity) > Score(HeadKind.SentenceEncoder) + 5);
    }

    [Fact]
    public void Forms_of_others_cannot_hold_it()
    {
        using (var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = HeadKind.Similarity }))
            Assert.NotNull(tuner.Train(SmallTuner.Request("lora", folder: Path.Combine(folder.FullName, "tuned"))).Score);
        foreach (var format in (ExportFormat[])[ExportFormat.HfPeft, ExportFormat.Merged])
        {
            var message = Assert.Throws<InvalidDataException>(() => TunedExport.Write(
                Path.Combine(folder.FullName, "tuned"), format, Path.Combine(folder.FullName, "out"), StrategyRegistry.Default, null)).Message;
            Assert.Contains("has a similarity head", message);
            Assert.Contains("the head 'joint'", message);
        }
    }

    [Fact]
    public void A_record_that_gives_it_to_another_task_is_damaged()
    {
        using (var tuner = SmallTuner.Tuner()) Assert.NotNull(tuner.Train(SmallTuner.Request("lora", "builtin/entailment", folder: folder.FullName)).Score);
        var path = TunedFolder.RecordPath(folder.FullName);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"sentence-encoder\"", "\"similarity\"", StringComparison.Ordinal));
        Assert.Contains("a similarity head answers only with a value over pairs", Assert.Throws<InvalidDataException>(() => TunedFolder.Read(folder.FullName)).Message);
    }
}
