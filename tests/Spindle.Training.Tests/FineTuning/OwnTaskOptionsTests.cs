using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.FineTuning;

/// <summary>What a user's own task may ask of training: files of selection rows, class weights, minimised metrics.</summary>
public sealed class OwnTaskOptionsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("spindle-own-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_of_selection_rows_selects_and_a_share_beside_it_is_refused()
    {
        var task = new OwnTask("mine", [Rows("train.csv", 0, 40)]) { Selection = [Rows("selection.csv", 100, 10)], Validation = [Rows("validation.csv", 200, 20)] };
        using (var tuner = Tuner(task, SmallTuner.Training))
        {
            var rows = tuner.Task("mine");
            Assert.Equal((40, 10), (rows.Train.Count, rows.Selection.Count));
            Assert.Same(rows.Selection, rows.Selecting.Single().Rows);
        }
        using var shared = Tuner(task, SmallTuner.Training with { Selection = 0.2 });
        Assert.Contains("'selection: 0'", Assert.Throws<InvalidDataException>(() => shared.Task("mine")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loss_counts_each_row_by_the_weight_of_its_label()
    {
        var task = new TaskDefinition("t", TaskKind.Classification, ["a", "b"], false, ["accuracy"], null);
        Gen.Select(Gen.Float[-3, 3].Array[8], Gen.Int[0, 1].Array[4], Gen.Double[0.1, 9]).Sample((logits, labels, weight) =>
        {
            using var scope = NewDisposeScope();
            var rows = tensor(logits).reshape(4, 2);
            double Loss(IReadOnlyList<double>? weights, Tensor of, int[] answers) =>
                LabelLogits.Of(task with { ClassWeights = weights }).Loss(of, tensor(answers.Select(label => (double)label).ToArray())).ToDouble();

            var expected = labels.Select((label, row) => (label == 0 ? 1 : weight) * Loss(null, rows[row..(row + 1)], [label])).Sum() / labels.Sum(label => label == 0 ? 1 : weight);
            Assert.Equal(expected, Loss([1, weight], rows, labels), 1e-4);

            // the losses of parts by their weights
            var logitsOf = LabelLogits.Of(task with { ClassWeights = [1, weight] });
            double Part(Range part) => labels[part].Sum(label => logitsOf.Weight(label)) * Loss([1, weight], rows[part.Start.Value..part.End.Value], labels[part]);
            Assert.Equal(expected, (Part(0..1) + Part(1..4)) / labels.Sum(label => logitsOf.Weight(label)), 1e-4);
        }, iter: 50, threads: 1);
    }

    [Fact]
    public void A_minimised_metric_gives_points_and_guessing_gives_none()
    {
        var task = new OwnTask("mine", [Values("train.csv", 0, 60)]) { Validation = [Values("validation.csv", 100, 30)], Metrics = ["mean-squared-error"], Kind = OwnTaskKind.Regression };
        using var tuner = Tuner(task, SmallTuner.Training);
        var result = tuner.Train(SmallTuner.Request("bitfit", "mine", epochs: 1));
        Assert.Equal(100 * result.Metrics["squared-error-skill"], result.Score!.Value, 1e-9);
        Assert.True(result.Metrics["mean-squared-error"] >= 0);
        Assert.Equal(0, TaskScores.Chance(tuner.Task("mine")));
    }

    [Fact]
    public void Rows_that_are_cut_are_counted_and_worth_a_warning_from_a_twentieth_on()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 40));
        string[] rows = [.. Enumerable.Range(0, 40).Select(row => $"{(row < 2 ? text : "word")} {row},{(row % 2 == 0 ? "good" : "bad")}")];
        var task = new OwnTask("mine", [Write("train.csv", rows)]) { Validation = [Rows("validation.csv", 200, 20)] };
        using var tuner = Tuner(task, SmallTuner.Training with { TrainLimit = null });
        var encoded = tuner.Task("mine");
        Assert.Equal((2, 40, 24), (encoded.Cut!.Cut, encoded.Cut.Examined, encoded.Cut.MaxLength));
        Assert.Contains("mine: 2 of 40 training rows (5%) are cut at 24 tokens; raise 'max-length' or shorten the texts", encoded.Warnings);
        using var longer = Tuner(task, SmallTuner.Training with { TrainLimit = null, MaxLength = 64 });
        Assert.Equal(0, longer.Task("mine").Cut!.Cut);
        Assert.Empty(longer.Task("mine").Warnings);
    }

    [Fact]
    public void A_longest_sequence_above_the_backbones_is_refused() => Assert.Contains(
        "reads at most 512 tokens", Assert.Throws<InvalidDataException>(() => SmallTuner.Tuner(SmallTuner.Training with { MaxLength = 513 })).Message, StringComparison.Ordinal);

    [Fact]
    public void An_edited_row_has_another_digest()
    {
        Rows("train.csv", 0, 20);
        var task = new OwnTask("mine", [Path.Combine(folder, "train.csv")]) { Validation = [Rows("validation.csv", 200, 20)] };
        IReadOnlyList<(string Part, IReadOnlyList<ulong> Digests)> Digests()
        {
            using var tuner = Tuner(task, SmallTuner.Training);
            return tuner.Task("mine").Digests;
        }

        var before = Digests();
        Assert.Equal(["training", "validation"], before.Select(part => part.Part));
        File.WriteAllText(task.Train[0], File.ReadAllText(task.Train[0]).Replace("number 7,bad", "number 7,good", StringComparison.Ordinal));
        var after = Digests();
        Assert.Equal([7], Enumerable.Range(0, 20).Where(row => before[0].Digests[row] != after[0].Digests[row]));
        Assert.Equal(before[1].Digests, after[1].Digests);
    }

    private static FineTuner Tuner(OwnTask task, TrainingSettings settings) => new(new("minilm-l6") { Settings = settings, Tasks = TaskCatalogue.Default.With([task]) });

    private string Rows(string name, int first, int count) => Write(name, Enumerable.Range(first, count).Select(row => $"film number {row},{(row % 2 == 0 ? "good" : "bad")}"));

    private string Values(string name, int first, int count) => Write(name, Enumerable.Range(first, count).Select(row => FormattableString.Invariant($"film number {row},{row % 7 / 2.0}")));

    private string Write(string name, IEnumerable<string> rows)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "text,label\n" + string.Join('\n', rows) + "\n");
        return path;
    }
}
