using System.Text.Json.Nodes;
using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Tests;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Tuned;

public sealed class TunedFolderTests : IDisposable
{
    private const int StudySeed = 3;

    private static readonly (string Place, string Value)[] Damages =
    [
        ("/backbone", "null"),
        ("/backbone", "7"),
        ("/head", "\"crown\""),
        ("/head", "17"),
        ("/head", "null"),
        ("/precision", "\"auto\""),
        ("/precision", "\"float16\""),
        ("/precision", "7"),
        ("/precision", "null"),
        ("/maxLength", "0"),
        ("/maxLength", "2"),
        ("/maxLength", "-1"),
        ("/maxLength", "513"),
        ("/maxLength", "2147483647"),
        ("/maxLength", "99999999999"),
        ("/task", "null"),
        ("/task/kind", "17"),
        ("/task/kind", "\"poetry\""),
        ("/task/name", "null"),
        ("/task/labels", "[]"),
        ("/task/labels", "[\"only\"]"),
        ("/task/labels", "[\"a\", null]"),
        ("/task/labels", "[\"a\", \"b\", \"c\"]"),
        ("/task/pairs", "true"),
        ("/task/metrics", "null"),
        ("/layers", "{}"),
        ("/layers", "[null]"),
        ("/layers", "[]"),
        ("/layers/0/layer", "-1"),
        ("/layers/0/layer", "6"),
        ("/layers/0/layer", "1"),
        ("/layers/0/strategies", "null"),
        ("/layers/0/strategies", "[null]"),
        ("/layers/0/strategies/0/name", "null"),
        ("/layers/0/strategies/0/name", "\"ia4\""),
        ("/layers/0/strategies/0/name", "\"adapter\""),
        ("/layers/0/strategies/0/size", "0"),
        ("/layers/0/strategies/0/size", "-3"),
        ("/layers/0/strategies/0/size", "1"),
        ("/layers/0/strategies/0/size", "385"),
        ("/layers/0/strategies/0/size", "2147483647"),
        ("/layers/0/strategies/1/name", "\"lora\""),
        ("/layers/0/strategies/0/flavour", "1"),
        ("/surprise", "1"),
    ];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-tuned-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("adapter+bitfit+lora+prefix", SmallTuner.Builtin, null)]
    [InlineData("lora", "builtin/sentiment", null)]
    [InlineData("bitfit", "builtin/entailment", HeadKind.Joint)]
    [InlineData("bitfit", "builtin/entailment", HeadKind.PairClassifier)]
    [InlineData("full", SmallTuner.Builtin, null)]
    public void A_model_read_back_scores_as_it_did_when_it_was_trained(string strategies, string task, HeadKind? head)
    {
        var result = Train(strategies, task, head);
        using var predictor = TunedPredictor.Load(folder.FullName, StrategyRegistry.Default);
        var data = TaskCatalogue.Default.Load(task, null);
        var limited = data with
        {
            Validation = [.. data.Validation.Select(split => split with { Examples = RowSample.Draw(split.Examples, SmallTuner.ValidationRows, StudySeed) })],
        };
        var scores = predictor.Evaluate(limited, TestContext.Current.CancellationToken);
        Assert.Equal(result.Score!.Value, scores.Score);
        Assert.Equal(result.Metrics, scores.Metrics);
        Assert.Equal(result.Score, predictor.Record.Score);
    }

    [Fact]
    public void The_network_of_a_prefix_is_not_kept_and_counted_apart()
    {
        var strategies = StrategyRegistry.Default.Configure(new Dictionary<string, string> { ["prefix"] = "{network: 4}" });
        using (var tuner = SmallTuner.Tuner(strategies: strategies))
        {
            var result = tuner.Train(SmallTuner.Request("prefix", folder: folder.FullName, registry: strategies));
            var record = TunedFolder.Read(folder.FullName);
            Assert.Equal(result.Trained, record.Trained);
            Assert.NotEqual(result.Trained, record.Layers!.Sum(layer => layer.Parameters));
            using var file = SafetensorsFile.Open(TunedFolder.WeightsPath(folder.FullName));
            Assert.Equal(record.Layers!.Sum(layer => layer.Parameters),
                file.Tensors.Where(tensor => tensor.Key.StartsWith("layer.", StringComparison.Ordinal)).Sum(tensor => tensor.Value.Shape.Aggregate(1L, (product, size) => product * size)));
            using var predictor = TunedPredictor.Load(folder.FullName, StrategyRegistry.Default);
            var data = TaskCatalogue.Default.Load(SmallTuner.Builtin, null);
            var scores = predictor.Evaluate(
                data with { Validation = [.. data.Validation.Select(split => split with { Examples = RowSample.Draw(split.Examples, SmallTuner.ValidationRows, StudySeed) })] },
                TestContext.Current.CancellationToken);
            Assert.Equal(result.Score!.Value, scores.Score, 1e-6);
        }
    }

    [Fact]
    public void Prompts_that_leave_too_few_positions_to_the_tokens_are_refused_with_how_many_there_are()
    {
        Train("prompt", SmallTuner.Builtin);
        var record = TunedFolder.Read(folder.FullName);
        var length = record.Layers![0].Strategies[0].Size;
        var path = TunedFolder.RecordPath(folder.FullName);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["maxLength"] = 512 - length;
        File.WriteAllText(path, json.ToJsonString());
        Predict([new("one", "two", 0)]);
        json["maxLength"] = 512 - length + 1;
        File.WriteAllText(path, json.ToJsonString());
        Assert.Contains($"lower the longest sequence to {512 - length}", Assert.Throws<InvalidDataException>(Load).Message);
    }

    [Fact]
    public void A_model_read_back_twice_predicts_the_same_whatever_was_drawn_before()
    {
        Train("adapter+prefix", "builtin/entailment");
        var rows = TaskCatalogue.Default.Load("builtin/entailment", null).Validation[0].Examples.Take(20).ToArray();
        var first = Predict(rows);
        manual_seed(77);
        Assert.Equal(first.SelectMany(prediction => prediction.Probabilities), Predict(rows).SelectMany(prediction => prediction.Probabilities));
        foreach (var prediction in first)
        {
            Assert.Equal(1, prediction.Probabilities.Sum(), 1e-9);
            Assert.Equal(prediction.Probabilities.Max(), prediction.Probabilities[(int)prediction.Value]);
        }
        Assert.Empty(Predict([]));
    }

    [Fact]
    public void Labels_are_not_looked_at_in_a_prediction()
    {
        Train("lora", SmallTuner.Builtin);
        var rows = TaskCatalogue.Default.Load(SmallTuner.Builtin, null).Validation[0].Examples.Take(8).ToArray();
        var first = Predict(rows).Select(prediction => prediction.Value);
        Assert.Equal(first, Predict([.. rows.Select(row => row with { Label = double.NaN })]).Select(prediction => prediction.Value));
    }

    [Fact]
    public void The_folder_holds_a_description_weights_and_the_design_and_nothing_else()
    {
        Train("lora", SmallTuner.Builtin, HeadKind.SentenceEncoder);
        Assert.Equal(["README.md", "design.yaml", "tuned.json", "tuned.safetensors"], folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        var record = TunedFolder.Read(folder.FullName);
        Assert.Equal("minilm-l6", record.Backbone);
        Assert.Equal(HeadKind.SentenceEncoder, record.Head);
        Assert.Equal(SmallTuner.Training.MaxLength, record.MaxLength);
        Assert.Equal(SmallTuner.Builtin, record.Task.Name);
        Assert.Equal(6, record.Layers!.Count);
        Assert.All(record.Layers, layer => Assert.Equal("lora", Assert.Single(layer.Strategies).Name));
    }

    [Fact]
    public void Loading_leaves_no_tensors_behind_where_it_succeeds_and_where_it_fails()
    {
        Train("adapter+lora", SmallTuner.Builtin);
        Predict([new("one", "two", 0)]);
        var before = Tensor.TotalCount;
        Predict([new("one", "two", 0)]);
        Assert.Equal(before, Tensor.TotalCount);
        File.WriteAllBytes(TunedFolder.WeightsPath(folder.FullName), new byte[100]);
        Assert.Throws<InvalidDataException>(Load);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Another_backbone_is_refused()
    {
        Train("lora", SmallTuner.Builtin);
        var tiny = SharedFiles.Fixture("models", "bert-tiny");
        Assert.Contains("another backbone",
            Assert.Throws<InvalidDataException>(() => TunedPredictor.Load(folder.FullName, StrategyRegistry.Default, tiny)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => TunedPredictor.Load(folder.FullName, StrategyRegistry.Default, folder.FullName));
    }

    [Fact]
    public void A_folder_without_description_or_weights_is_reported()
    {
        Assert.Throws<DirectoryNotFoundException>(Load);
        Train("lora", SmallTuner.Builtin);
        File.Delete(TunedFolder.WeightsPath(folder.FullName));
        Assert.Throws<FileNotFoundException>(Load);
    }

    [Fact]
    public void A_damaged_description_is_refused_in_one_line()
    {
        Train("lora+prefix", "builtin/sentiment");
        var path = Path.Combine(folder.FullName, "tuned.json");
        var sound = File.ReadAllText(path);
        var faults = new List<string>();
        foreach (var (place, value) in Damages)
        {
            File.WriteAllText(path, With(sound, place, value));
            var error = Record.Exception(() => Load().Dispose());
            if (error is not InvalidDataException) faults.Add($"{place} = {value}: {error?.GetType().Name ?? "was read"} {error?.Message}");
            else if (!error.Message.StartsWith(folder.FullName, StringComparison.Ordinal) || error.Message.Contains('\n'))
                faults.Add($"{place} = {value}: said '{error.Message}'");
            else if (error.Message.Contains("System.", StringComparison.Ordinal) || error.Message.Contains("Spindle.", StringComparison.Ordinal))
                faults.Add($"{place} = {value}: names a class of .NET: '{error.Message}'");
        }
        foreach (var text in new[] { "", "null", "[]", "{}", "{", sound[..^30], sound + "}" })
        {
            File.WriteAllText(path, text);
            var error = Record.Exception(() => Load().Dispose());
            if (error is not InvalidDataException) faults.Add($"'{text[..Math.Min(text.Length, 20)]}': {error?.GetType().Name ?? "was read"} {error?.Message}");
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        File.WriteAllText(path, sound);
        Load().Dispose();
    }

    private static string With(string text, string place, string value)
    {
        var root = JsonNode.Parse(text)!;
        var parts = place.Split('/')[1..];
        var node = parts[..^1].Aggregate(root, (at, part) => at is JsonArray array ? array[int.Parse(part)]! : at[part]!);
        node[parts[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    private FineTuningResult Train(string strategies, string task, HeadKind? head = null)
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = head }, seed: StudySeed);
        var result = tuner.Train(SmallTuner.Request(strategies, task, folder: folder.FullName));
        Assert.Null(result.Failure);
        return result;
    }

    private TunedPredictor Load() => TunedPredictor.Load(folder.FullName, StrategyRegistry.Default);

    private IReadOnlyList<Prediction> Predict(IReadOnlyList<Example> rows)
    {
        using var predictor = Load();
        return predictor.Predict(rows, TestContext.Current.CancellationToken);
    }
}
