using Spindle.Data.Tasks;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Specification;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Heads;

/// <summary>The pair classifier over the embedded backbone, a sentence encoder.</summary>
public sealed class PairClassifierTrainingTests : IDisposable
{
    private const string Entailment = "builtin/entailment";
    private const int Features = 4 * 384;

    private static readonly TrainingSettings Training = SmallTuner.Training with { Head = HeadKind.PairClassifier };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-pairs-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(HeadStart.Auto, Entailment, 2 * (Features + 1 + 1))]
    [InlineData(HeadStart.Probe, Entailment, 2 * (Features + 1 + 1))]
    [InlineData(HeadStart.Random, Entailment, 2 * (Features + 1))] // as in the paper
    [InlineData(HeadStart.Probe, "builtin/sentiment", 2 * (384 + 1))]
    public void It_is_the_default_for_labels_over_pairs_that_start_from_a_probe(HeadStart start, string task, int parameters)
    {
        using var tuner = SmallTuner.Tuner(Training with { Head = null, HeadStart = start });
        Assert.Equal(parameters, tuner.Train(FineTuningRequest.Untrained(task, 1)).HeadParameters);
    }

    [Fact]
    public void The_probe_alone_of_few_rows_is_right_more_often_with_the_cosine()
    {
        const int few = 50, draws = 6, scored = 300;
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { TrainLimit = null });
        using var backbone = BackboneCatalogue.Load("minilm-l6", new());
        // whether two built-in sentences mean nearly the same
        var rows = tuner.Task(SmallTuner.Builtin).Train.Select(row => row with { Label = row.Label >= 3 ? 1 : 0 }).Take(few * draws + scored).ToArray();
        TaskDefinition task = new("alike", TaskKind.Classification, ["other", "same"], Pairs: true, ["accuracy"], null);
        var specification = new ModelSpecification
        {
            Backbone = "minilm-l6",
            Fingerprint = backbone.Fingerprint,
            Head = HeadKind.PairClassifier,
            Task = task,
            MaxLength = SmallTuner.Training.MaxLength,
            Plan = new TuningPlan.Sized(null, []),
        };
        using var model = specification.Attach(backbone, StrategyRegistry.Default, seed: 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var features = cat([.. rows.Chunk(few).Select(chunk => model.Features(TensorBatch.Of(chunk, 0, CPU).Input))]);
        var last = features.narrow(0, few * draws, scored);

        var labels = LabelLogits.Of(task);
        var (with, without) = (0.0, 0.0);
        for (var draw = 0; draw < draws; draw++)
        {
            var (own, wanted) = (features.narrow(0, draw * few, few), rows[(draw * few)..((draw + 1) * few)].Select(row => row.Label).ToArray());
            var start = model.StartOfHead(own, read => labels.Probe(read, wanted)).Values;
            with += Accuracy(last, tensor(start["classifier.weight"]).view(2, -1), tensor(start["classifier.bias"])) / draws;
            var map = labels.Probe(own.narrow(1, 0, Features), wanted);
            without += Accuracy(last.narrow(1, 0, Features), map.Weight.to(ScalarType.Float32), map.Bias.to(ScalarType.Float32)) / draws;
        }
        Assert.True(with > without + 0.01, $"{with} with the cosine, {without} without it");

        double Accuracy(Tensor inputs, Tensor weight, Tensor bias)
        {
            var answers = nn.functional.linear(inputs, weight, bias).argmax(1).data<long>().ToArray();
            return answers.Zip(rows[(few * draws)..]).Average(pair => pair.First == (long)pair.Second.Label ? 1.0 : 0.0);
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
