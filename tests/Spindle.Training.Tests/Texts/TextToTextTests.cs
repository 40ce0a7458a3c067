using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models.Tuning;
using Spindle.Tests.Checkpoints;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.Texts;

/// <summary>Models that answer in writing: trained, scored, kept and asked.</summary>
public sealed class TextToTextTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-texts-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_model_of_american_sounds_learns_british_ones_and_says_them_again_when_read_back()
    {
        using var tuner = Tuner(Pronunciations.American, new() { LearningRate = 2e-3, BatchSize = 16, TrainLimit = 3000, ValidationLimit = 200, MaxLength = 40, MaxTargetLength = 40 }, new(new Pronunciations()));
        var task = tuner.Task(Pronunciations.Name);
        Assert.Equal((3000, 200), (task.Train.Count, task.Validation[0].Rows.Count));
        var result = tuner.Train(new(tuner.Size(Design.Uniform(new("lora"), 1), Budget.Parse("10%")), Pronunciations.Name, 11) { Epochs = 5, Output = folder.FullName });
        Assert.Null(result.Failure);
        Assert.Equal(0, result.HeadParameters);
        var untrained = tuner.Train(FineTuningRequest.Untrained(Pronunciations.Name, 11)).Score;
        Assert.True(result.EpochScores[^1] > untrained + 3, $"untrained {untrained}, then {string.Join(", ", result.EpochScores)}");

        using var predictor = TunedPredictor.Load(folder.FullName, StrategyRegistry.Default);
        Assert.Equal(HeadKind.LanguageModel, predictor.Record.Head);
        var data = new Pronunciations().Load(Pronunciations.Name, null);
        var rows = RowSample.Draw(data.Validation[0].Examples, 200, seed: 4);
        var said = predictor.Predict(rows, TestContext.Current.CancellationToken);
        var right = rows.Zip(said).Count(pair => pair.First.Target == pair.Second.Text);
        Assert.InRange(right, 20, 200);
        var scores = predictor.Evaluate(data with { Validation = [new("validation", rows, [])] }, TestContext.Current.CancellationToken);
        Assert.Equal(right / 200.0, scores.Metrics["exact-match"], 1e-12);
    }

    [Fact]
    public void T5_answers_a_classification_with_the_names_of_its_labels_and_learns_to()
    {
        using var checkpoint = new TinyCheckpoint("t5-tiny");
        using var tuner = Tuner(checkpoint.Folder, new() { FullLearningRate = 5e-3, BatchSize = 8, TrainLimit = 64, ValidationLimit = 32, MaxLength = 32 });
        var task = tuner.Task("builtin/sentiment");
        Assert.All(task.Train, row => Assert.Contains(row.Reference, task.Task.Labels));
        var result = tuner.Train(new(new TuningPlan.Full(), "builtin/sentiment", 11) { Epochs = 8, Output = folder.FullName });
        Assert.Null(result.Failure);
        // before it is trained a random model writes no label at all
        Assert.True(result.Score > 30, $"scores {string.Join(", ", result.EpochScores)}");
        using var predictor = TunedPredictor.Load(folder.FullName, StrategyRegistry.Default, checkpoint.Folder);
        var prediction = Assert.Single(predictor.Predict([new("a good film", null, double.NaN)], TestContext.Current.CancellationToken));
        Assert.Equal(Array.IndexOf([.. task.Task.Labels], prediction.Text), prediction.Value);
    }

    [Theory]
    [InlineData(HeadKind.Joint, "task 'pronunciations' needs generated text, but a head on the hidden states generates none")]
    [InlineData(null, "task 'pronunciations' needs a backbone that generates text, but minilm-l6 does not")]
    public void What_cannot_write_is_refused(HeadKind? head, string message)
    {
        using var tuner = Tuner(head is null ? "minilm-l6" : Pronunciations.American, new() { Head = head }, new(new Pronunciations()));
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => tuner.Task(Pronunciations.Name)).Message);
    }

    private static FineTuner Tuner(string backbone, TrainingSettings training, TaskCatalogue? tasks = null) =>
        new(new(backbone) { Settings = training, RowSeed = 3, Tasks = tasks ?? TaskCatalogue.Default });
}
