using Spindle.Data.Tasks;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Specification;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.Heads;

/// <summary>The pair classifier over the embedded backbone, a sentence encoder.</summary>
public sealed class PairClassifierTrainingTests : IDisposable
{
    private const string Entailment = "builtin/entailment";
    private const int Features = 4 * 384;

    private static readonly TrainingSettings Training = SmallTuner.Training with { Head = HeadKind.PairClassifier };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-pairs-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_probe_alone_of_few_rows_is_right_more_often_with_the_cosine()
    {
        const int few = 50;
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { TrainLimit = null });
        using var backbone = BackboneCatalogue.Load("minilm-l6", new());
        // whether two built-in sentences mean nearly the same
        var rows = tuner.Task(SmallTuner.Builtin).Train.Select(row => row with { Label = row.Label >= 3 ? 1 : 0 }).Take(few + 300).ToArray();
        Assert.InRange(rows.Average(row => row.Label), 0.2, 0.8);
        var (without, with) = (Accuracy(HeadKind.SentenceEncoder), Accuracy(HeadKind.PairClassifier));
        Assert.True(with > without + 0.02, $"{with} with the cosine, {without} without it");

        double Accuracy(HeadKind head)
        {
            TaskDefinition task = new("alike", TaskKind.Classification, ["other", "same"], Pairs: true, ["accuracy"], null);
            var specification = new ModelSpecification
            {
                Backbone = "minilm-l6",
                Fingerprint = backbone.Fingerprint,
                Head = head,
                Task = task,
                MaxLength = SmallTuner.Training.MaxLength,
                Plan = new TuningPlan.Sized(null, []),
            };
            using var model = specification.Attach(backbone, StrategyRegistry.Default, seed: 1);
            var labels = LabelLogits.Of(task);
            model.StartHead(new HeadProbe(labels, paddingId: 0).Solve(model, rows[..few], TestContext.Current.CancellationToken));
            var logits = new LabelObjective(labels, 0).Logits(model, rows[few..], TestContext.Current.CancellationToken);
            return rows[few..].Zip(logits).Average(pair => pair.Second[1] > pair.Second[0] == (pair.First.Label == 1) ? 1.0 : 0.0);
        }
    }

    [Theory]
    [InlineData("builtin/sentiment")]
    [InlineData(SmallTuner.Builtin)]
    public void A_task_that_asks_for_something_else_is_refused(string task)
    {
        using var tuner = SmallTuner.Tuner(Training);
        var message = Assert.Throws<InvalidDataException>(() => tuner.Task(task)).Message;
        Assert.Contains($"task '{task}' does not ask for a label over pairs", message);
        Assert.Contains("head: sentence-encoder", message);
    }

    [Fact]
    public void Forms_of_others_cannot_hold_it()
    {
        using (var tuner = SmallTuner.Tuner(Training))
            Assert.NotNull(tuner.Train(SmallTuner.Request("lora", Entailment, folder: Path.Combine(folder.FullName, "tuned"))).Score);
        foreach (var format in (ExportFormat[])[ExportFormat.HfPeft, ExportFormat.Merged])
        {
            var message = Assert.Throws<InvalidDataException>(() => TunedExport.Write(
                Path.Combine(folder.FullName, "tuned"), format, Path.Combine(folder.FullName, "out"), StrategyRegistry.Default, null)).Message;
            Assert.Contains("has a pair classifier's head", message);
            Assert.Contains("the head 'joint'", message);
            Assert.False(Directory.Exists(Path.Combine(folder.FullName, "out")));
        }
    }

    [Fact]
    public void A_record_that_gives_it_to_another_task_is_damaged()
    {
        using (var tuner = SmallTuner.Tuner()) Assert.NotNull(tuner.Train(SmallTuner.Request("lora", "builtin/sentiment", folder: folder.FullName)).Score);
        var path = TunedFolder.RecordPath(folder.FullName);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"sentence-encoder\"", "\"pair-classifier\"", StringComparison.Ordinal));
        Assert.Contains("a pair classifier answers only with a label over pairs", Assert.Throws<InvalidDataException>(() => TunedFolder.Read(folder.FullName)).Message);
    }
}
