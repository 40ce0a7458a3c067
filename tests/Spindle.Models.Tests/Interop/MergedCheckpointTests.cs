using System.Text.Json.Nodes;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Interop;
using Spindle.Models.Tuning;

namespace Spindle.Models.Tests.Interop;

public sealed class MergedCheckpointTests : IDisposable
{
    private const string Linear = "layer-norm+lora+dora+vera+ia3";
    private static readonly ClassifierLabels Labels = new(["bad", "fair", "good"], false);

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("spindle-merged-");

    private string Folder => Path.Combine(temporary.FullName, "merged");

    public static TheoryData<string, string> Mergeable =>
    [
        .. TinyBackbone.Names.Select(name => (name, Linear)),
        .. TinyBackbone.Names.Where(name => !name.StartsWith("t5", StringComparison.Ordinal)).Select(name => (name, $"bitfit+scale-shift+{Linear}")),
        .. TinyBackbone.Names.Select(name => (name, "full")),
    ];

    public void Dispose() => temporary.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Mergeable))]
    public void A_merged_checkpoint_loads_as_a_backbone_with_its_head_and_gives_the_same_logits(string name, string strategies)
    {
        var tiny = new TinyBackbone(name);
        float[] tuned;
        using (var backbone = tiny.Load())
        using (var model = Attach(backbone, strategies))
        {
            TinyBackbone.Disturb(model, 4, strategies == "full" ? 0.02 : 0.1);
            tuned = tiny.Logits(model);
            MergedCheckpoint.Write(Folder, tiny.Folder, backbone, model, Labels);
            Assert.Equal(tuned, tiny.Logits(model));
        }
        using var merged = BackboneCatalogue.Load(Folder, new());
        ISequenceHead? head = null;
        using var plain = TunedModel.Create(merged, new TuningPlan.Sized(null, []), StrategyRegistry.Default, random => head = merged.MakeJointHead(TinyBackbone.Outputs, random), 9);
        CheckpointHead.Read(Folder, head!);
        var logits = tiny.Logits(plain);
        Assert.All(tuned.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [InlineData("bert-tiny", "lora", 0)]
    [InlineData("bert-tiny", "bitfit", 0)]
    [InlineData("bert-tiny", "full", 0)]
    [InlineData("bert-tiny", "adapter", 1)]
    [InlineData("bert-tiny", "lora+prefix+ia3", 0.5)]
    [InlineData("t5-tiny", "bitfit", 1)]
    public void What_weights_cannot_express_stays_beside_the_backbone_and_nothing_else(string name, string strategies, double share)
    {
        var tiny = new TinyBackbone(name);
        using var backbone = tiny.Load();
        using var model = Attach(backbone, strategies);
        var before = tiny.Logits(model);
        var expected = model.Attachments.Where(attachment => share == 1 || (share > 0 && attachment.Parameters[0].Name.Contains(".prefix.", StringComparison.Ordinal)))
            .Sum(attachment => attachment.Parameters.Sum(parameter => parameter.Count));
        Assert.Equal(share > 0, expected > 0);
        Assert.Equal(expected, MergedCheckpoint.RemainingParameters(backbone, model));
        Assert.Equal(before, tiny.Logits(model));
    }

    [Fact]
    public void Its_configuration_names_class_labels_and_problem_and_keeps_the_rest()
    {
        var tiny = new TinyBackbone("bart-tiny");
        using var backbone = tiny.Load();
        using var model = Attach(backbone, "lora");
        MergedCheckpoint.Write(Folder, tiny.Folder, backbone, model, Labels);
        var keys = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "config.json")))!;
        Assert.Equal("""["BartForSequenceClassification"]""", keys["architectures"]!.ToJsonString());
        Assert.Equal("""{"0":"bad","1":"fair","2":"good"}""", keys["id2label"]!.ToJsonString());
        Assert.Equal("""{"bad":0,"fair":1,"good":2}""", keys["label2id"]!.ToJsonString());
        Assert.Equal("single_label_classification", (string)keys["problem_type"]!);
        Assert.Equal("bart", (string)keys["model_type"]!);
        Assert.Equal(["config.json", "model.safetensors"], Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order());

        MergedCheckpoint.Write(Folder, tiny.Folder, backbone, model, new(["value"], true));
        Assert.Equal("regression", (string)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "config.json")))!["problem_type"]!);
    }

    [Theory]
    [InlineData("bert-tiny", "lora+adapter", "layer 1: adapter adds modules beside")]
    [InlineData("bert-tiny", "lora+prefix", "layer 1: prefix adds keys and values")]
    [InlineData("bert-tiny", "lora+prompt", "layer 1: prompt adds vectors")]
    [InlineData("t5-tiny", "lora+bitfit", "layer 1: bitfit gives")]
    [InlineData("t5-tiny", "lora+scale-shift", "layer 1: scale-shift gives")]
    public void What_no_weights_can_do_is_named_with_its_layer_and_the_model_goes_on_as_before(string name, string strategies, string wanted)
    {
        var tiny = new TinyBackbone(name);
        using var backbone = tiny.Load();
        using var model = Attach(backbone, strategies);
        TinyBackbone.Disturb(model, 4);
        var before = tiny.Logits(model);
        var error = Assert.Throws<InvalidDataException>(() => MergedCheckpoint.Write(Folder, tiny.Folder, backbone, model, Labels));
        Assert.Contains(wanted, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(Folder));
        Assert.Equal(before, tiny.Logits(model));
    }

    [Fact]
    public void A_checkpoint_without_the_head_is_refused()
    {
        using var backbone = new TinyBackbone("bert-tiny").Load();
        ISequenceHead? head = null;
        using var model = TunedModel.Create(backbone, new TuningPlan.Sized(null, []), StrategyRegistry.Default, random => head = backbone.MakeJointHead(17, random), 9);
        Assert.Contains("classifier.weight [17, 32] is missing", Assert.Throws<InvalidDataException>(() => CheckpointHead.Read(new TinyBackbone("bert-tiny").Folder, head!)).Message);
    }

    // every layer at size 2
    private static TunedModel Attach(IBackbone backbone, string strategies)
    {
        if (strategies == "full") return TunedModel.Create(backbone, new TuningPlan.Full(), StrategyRegistry.Default, TinyBackbone.Head(backbone), 1);
        var registry = StrategyRegistry.Default;
        LayerTuning[] layers = [.. backbone.Layers.Select((layer, index) => new LayerTuning(index, [.. strategies.Split('+').Select(name =>
            new SizedStrategy(name, registry.Costs[name].SizeName is null ? 1 : 2, 1))]))];
        return TunedModel.Create(backbone, new TuningPlan.Sized(null, layers), registry, TinyBackbone.Head(backbone), 1);
    }
}
