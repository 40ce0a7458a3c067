using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Tests;
using Spindle.Training.Trials;
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
        var study = Study(Pronunciations.American, Pronunciations.Name, new() { LearningRate = 3e-3, BatchSize = 32, TrainLimit = 3000, ValidationLimit = 200, MaxLength = 40, MaxTargetLength = 40 });
        using var runner = new TrialRunner(study, new(new Pronunciations()), StrategyRegistry.Default);
        var task = runner.Task(Pronunciations.Name);
        Assert.Equal((3000, 200), (task.Train.Count, task.Validation[0].Rows.Count));
        var outcome = runner.Run(Request("lora", Pronunciations.Name, epochs: 3, folder.FullName), null, TestContext.Current.CancellationToken);
        Assert.Null(outcome.Failure);
        Assert.Equal(0, outcome.HeadParameters);
        Assert.True(outcome.EpochScores[^1] > outcome.EpochScores[0] + 3, $"scores {string.Join(", ", outcome.EpochScores)}");

        using var predictor = TunedPredictor.Load(folder.FullName, StrategyRegistry.Default);
        Assert.Equal(HeadKind.LanguageModel, predictor.Description.Head);
        var data = new Pronunciations().Load(Pronunciations.Name, null);
        var rows = RowSample.Draw(data.Validation[0].Examples, 50, seed: 4);
        var said = predictor.Predict(rows, TestContext.Current.CancellationToken);
        var right = rows.Zip(said).Count(pair => pair.First.Target == pair.Second.Text);
        Assert.InRange(right, 5, 50);
        var scores = predictor.Evaluate(data with { Validation = [new("validation", rows, [])] }, TestContext.Current.CancellationToken);
        Assert.Equal(right / 50.0, scores.Metrics["exact-match"], 1e-12);
    }

    [Fact]
    public void T5_answers_a_classification_with_the_names_of_its_labels_and_learns_to()
    {
        var study = Study(SharedFiles.Fixture("models", "t5-tiny"), "builtin/sentiment", new() { FullLearningRate = 5e-3, BatchSize = 8, TrainLimit = 64, ValidationLimit = 32 });
        study = study with { Training = study.Training with { MaxLength = 32 } };
        using var checkpoint = new Families.TinyCheckpoint("t5-tiny");
        using var runner = new TrialRunner(study with { Backbone = checkpoint.Folder }, TaskCatalogue.Default, StrategyRegistry.Default);
        var task = runner.Task("builtin/sentiment");
        Assert.All(task.Train, row => Assert.Contains(row.Reference, task.Task.Labels));
        var outcome = runner.Run(new(new TuningPlan.Full(), "builtin/sentiment", 11, 8, folder.FullName), null, TestContext.Current.CancellationToken);
        Assert.Null(outcome.Failure);
        // before it is trained a random model writes no label at all
        Assert.True(outcome.Score > 30, $"scores {string.Join(", ", outcome.EpochScores)}");
        using var predictor = TunedPredictor.Load(folder.FullName, StrategyRegistry.Default, checkpoint.Folder);
        var prediction = Assert.Single(predictor.Predict([new("a good film", null, double.NaN)], TestContext.Current.CancellationToken));
        Assert.Equal(Array.IndexOf([.. task.Task.Labels], prediction.Text), prediction.Value);
    }

    [Theory]
    [InlineData(HeadKind.Joint, "task 'pronunciations' asks for a text, which a head over the hidden states cannot give")]
    [InlineData(null, "task 'pronunciations' is to be answered in writing, where minilm-l6 reads and does not write")]
    public void What_cannot_write_is_refused(HeadKind? head, string message)
    {
        var study = Study(head is null ? "minilm-l6" : Pronunciations.American, Pronunciations.Name, new() { Head = head });
        using var runner = new TrialRunner(study, new(new Pronunciations()), StrategyRegistry.Default);
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => runner.Task(Pronunciations.Name)).Message);
    }

    private static Study Study(string backbone, string task, TrainingSettings training) =>
        new("texts", backbone, [task], null, Budget.Parse("2%"), new(), training, new() { Seed = 3 });

    private static TrialRequest Request(string strategy, string task, int epochs, string folder) =>
        new(new TuningPlan.Designed(Design.Uniform(new(strategy), task == Pronunciations.Name ? 1 : 4)), task, 11, epochs, folder);
}
