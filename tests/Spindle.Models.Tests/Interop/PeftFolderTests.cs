using System.Text.Json;
using System.Text.Json.Nodes;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Interop;
using Spindle.Models.Peft;
using Spindle.Models.Tests.Checkpoints;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Interop;

public sealed class PeftFolderTests : IDisposable
{
    private const string Weights = "adapter_model.safetensors";
    private const string BeforeInEncoder = "{positions: before, places: [encoder-self]}", BeforeInDecoder = "{positions: before, places: [decoder-self]}";

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("spindle-peft-");

    private string Folder => Path.Combine(temporary.FullName, "peft");

    // strategies with their options, as strategies of a design with untuned layers and other sizes in other groups
    public static MatrixTheoryData<string, string> Round => new(TinyBackbone.Names,
    [
        "lora: {}",
        "lora: {alpha: 3, rank-stabilized: true, dropout: 0.25, places: [attention-key, feed-forward-in, feed-forward-out]}",
        "dora: {alpha: 2.5}",
        "ia3: {}",
        "ia3: {outputs: [attention-query, feed-forward-in], inputs: []}",
        "lora: {places: [attention-query]} / lora-b: {kind: lora, alpha: 5, places: [attention-value, feed-forward-in]}",
        "lora: {places: [attention-query]} / lora-b: {kind: lora, alpha: 5, rank-stabilized: true, places: [attention-value]}",
    ]);

    public static TheoryData<string, string, string> Beyond =>
    [
        ("bert-tiny", "adapter: {}", "layer 1 has adapter"),
        ("bert-tiny", "bitfit: {}", "layer 1 has bitfit"),
        ("bert-tiny", "houlsby: {kind: adapter, placement: houlsby}", "layer 1 has houlsby, a kind of adapter"),
        ("bert-tiny", "lora: {} / ia3: {}", "and a folder holds only one method"),
        ("bert-tiny", "lora: {} / lora-b: {kind: lora, alpha: 5}", "layer 1 has two lora strategies on encoder.layer.0.attention.self.query"),
        ("bert-tiny", "ia3: {outputs: [attention-key], inputs: [attention-key]}", "scales encoder.layer.0.attention.self.key twice"),
        ("bert-tiny", "lora: {gated: true}", "the lora of layer 1 has gates"),
        ("bert-tiny", "ia3: {gated: true}", "the ia3 of layer 1 has gates"),
        ("bert-tiny", "prefix: {}", "takes no positions"),
        ("bert-tiny", $"prefix: {BeforeInEncoder}", "has length"),
        ("mpnet-tiny", $"prefix: {BeforeInEncoder}", "requires keys and values of earlier tokens, and MPNetModel does not take any"),
        ("bart-tiny", $"prefix: {{positions: before}}", "encoder.self"),
        ("bart-tiny", $"prefix: {{positions: before, places: [decoder-cross]}}", "decoder.cross"),
    ];

    public static TheoryData<string, string, string> Damages =>
    [
        ("use_qalora", "true", "'use_qalora' is set"),
        ("layer_replication", "[[0, 4]]", "'layer_replication' is set"),
        ("kasa_config", "{\"beta\": 1}", "'kasa_config' is set"),
        ("lora_bias", "true", "'lora_bias' is set"),
        ("trainable_token_indices", "[1]", "'trainable_token_indices' is set"),
        ("bias", "\"all_of_them\"", "'bias: all_of_them' is not supported"),
        ("modules_to_save", "[\"classifier\", \"embed_tokens\"]", "names 'embed_tokens'"),
        ("peft_type", "\"LOHA\"", "'peft_type: LOHA' is not supported"),
        ("peft_type", "null", "'peft_type: ' is not supported"),
        ("init_lora_weights", "\"pissa\"", "'init_lora_weights: pissa' is not supported"),
        ("r", "0", "'r' must be a whole number"),
        ("r", "3", "where the backbone needs [3, 32]"),
        ("lora_alpha", "-1", "'lora_alpha' and the numbers of 'alpha_pattern' must be above 0"),
        ("rank_pattern", "{\"query\": 1.5}", "'rank_pattern' must map"),
        ("rank_pattern", "{\"query\": \"many\"}", "'rank_pattern' must map"),
        ("rank_pattern", "{\"(query\": 2}", "cannot be read"),
        ("rank_pattern", "{\"(.*?.*?.*?.*?.*?.*?.*?.*?.*?)*!\": 2}", "takes too long"),
        ("target_modules", "7", "'target_modules' must be"),
        ("target_modules", "[\"query\", \"key\"]", "key.lora_A.weight is missing"),
        ("target_modules", "[\"query\"]", "value.lora_A.weight belongs to no linear map"),
        ("target_modules", "\"(?P<x>query)\"", "cannot be read"),
        ("layers_to_transform", "[0]", "layer.1.attention.self.query.lora_A.weight belongs to no linear map"),
        ("layers_to_transform", "\"all\"", "'layers_to_transform' must be"),
        ("exclude_modules", "[\"value\"]", "value.lora_A.weight belongs to no linear map"),
        ("use_dora", "true", "lora_magnitude_vector is missing"),
    ];

    public static TheoryData<string, string> Harmless =>
    [
        ("target_modules", "null"),
        ("target_modules", "\".*attention.self.(query|value)\""),
        ("target_modules", "[\"bert.encoder.layer.0.attention.self.query\", \"layer.0.attention.self.value\", \"query\", \"self.value\"]"),
        ("layers_to_transform", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"),
        ("qalora_group_size", "16"),
        ("something_new", "false"),
        ("something_newer", "\"text\""),
        ("some_config", "{}"),
        ("init_lora_weights", "\"gaussian\""),
        ("exclude_modules", "\".*output.*\""),
        ("rank_pattern", "{\".*\": 2}"),
    ];

    public void Dispose() => temporary.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Round))]
    public void What_was_written_reads_back_bit_equal_and_gives_the_same_logits(string backboneName, string strategies)
    {
        var tiny = new TinyBackbone(backboneName);
        foreach (var numbering in Enum.GetValues<LayerNumbering>())
        {
            using var backbone = BackboneCatalogue.Load(tiny.Folder, new() { Layers = numbering });
            var (registry, solution) = Sized(backbone, strategies);
            float[] before;
            using (var model = TunedModel.Create(backbone, solution, registry, TinyBackbone.Head(backbone), 1))
            {
                TinyBackbone.Disturb(model, 2);
                before = tiny.Logits(model);
                using var content = TunedContent.Of(model, solution.Layers, registry);
                PeftFolder.Write(Folder, content, backbone, "some/backbone");
            }
            using var read = PeftFolder.Read(Folder, backbone);
            Assert.Equal(solution.Layers.Select(layer => (layer.Layer, layer.Parameters)), read.Layers.Select(layer => (layer.Layer, layer.Parameters)));
            using var again = TunedModel.Create(backbone, read.Plan, StrategyRegistry.Default.Configure(read.Strategies), TinyBackbone.Head(backbone), 3);
            read.CopyTo(again);
            var after = tiny.Logits(again);
            // scales of mixed kinds are written differently from how they were given, and may differ in their last bit
            if (!strategies.Contains("rank-stabilized: true, places: [attention-value]", StringComparison.Ordinal)) Assert.Equal(before, after);
            else Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Theory]
    [InlineData("bert-tiny", BeforeInEncoder, 0)]
    [InlineData("roberta-tiny", BeforeInEncoder, 0)]
    [InlineData("roberta-tiny", "{positions: before, network: 3}", 0)]
    [InlineData("bart-tiny", BeforeInDecoder, 2)]
    [InlineData("t5-tiny", BeforeInDecoder, 2)]
    public void A_prefix_reads_back_bit_equal_where_layers_that_share_a_piece_have_the_same(string backboneName, string options, int shared)
    {
        var tiny = new TinyBackbone(backboneName);
        using var backbone = tiny.Load();
        var registry = StrategyRegistry.Default.Configure(new Dictionary<string, string> { ["prefix"] = options });
        var solution = Same(backbone, registry, "prefix", 3);
        using var model = TunedModel.Create(backbone, solution, registry, TinyBackbone.Head(backbone), 1);
        TinyBackbone.Disturb(model, 2);
        if (shared > 0)
        {
            using (var own = TunedContent.Of(model, solution.Layers, registry))
                Assert.Contains("differ; peft uses one for both", Assert.Throws<InvalidDataException>(() => PeftFolder.Write(Folder, own, backbone, "b")).Message);
            Assert.False(Path.Exists(Path.Combine(Folder, PeftConfig.FileName)));
            using var noGrad = no_grad();
            foreach (var parameter in model.Parameters.Parameters.Where(parameter => parameter.Name.StartsWith("layer.", StringComparison.Ordinal)))
            {
                var layer = int.Parse(parameter.Name.Split('.')[1]);
                if (layer >= shared) parameter.Value.copy_(model.Parameters.Parameters.Single(other => other.Name == parameter.Name.Replace($"layer.{layer}.", $"layer.{layer % shared}.")).Value);
            }
        }
        var before = tiny.Logits(model);
        using (var content = TunedContent.Of(model, solution.Layers, registry)) PeftFolder.Write(Folder, content, backbone, "b");
        model.Suspend();
        using var read = PeftFolder.Read(Folder, backbone);
        using var again = TunedModel.Create(backbone, read.Plan, StrategyRegistry.Default.Configure(read.Strategies), TinyBackbone.Head(backbone), 3);
        read.CopyTo(again);
        Assert.Equal(before, tiny.Logits(again));
    }

    [Theory]
    [InlineData("bert-tiny")]
    [InlineData("t5-tiny")]
    public void A_prompt_before_the_first_layer_reads_back_bit_equal_and_a_deeper_one_is_refused(string backboneName)
    {
        var tiny = new TinyBackbone(backboneName);
        using var backbone = tiny.Load();
        var registry = StrategyRegistry.Default;
        float[] before;
        var all = Same(backbone, registry, "prompt", 4);
        var first = new TuningPlan.Sized(null, [all.Layers[0]]);
        using (var deep = TunedModel.Create(backbone, all, registry, TinyBackbone.Head(backbone), 1))
        using (var content = TunedContent.Of(deep, all.Layers, registry))
            Assert.Contains("layer 2 has a prompt", Assert.Throws<InvalidDataException>(() => PeftFolder.Write(Folder, content, backbone, "b")).Message);
        using (var model = TunedModel.Create(backbone, first, registry, TinyBackbone.Head(backbone), 1))
        {
            before = tiny.Logits(model);
            using var content = TunedContent.Of(model, first.Layers, registry);
            PeftFolder.Write(Folder, content, backbone, "b");
        }
        using var read = PeftFolder.Read(Folder, backbone);
        using var again = TunedModel.Create(backbone, read.Plan, StrategyRegistry.Default.Configure(read.Strategies), TinyBackbone.Head(backbone), 3);
        read.CopyTo(again);
        Assert.Equal(before, tiny.Logits(again));
    }

    [Fact]
    public void Ranks_of_groups_become_patterns_and_untuned_layers_no_target()
    {
        using var backbone = TinyBert.Load();
        WriteLora(backbone, [(0, 1), (2, 3), (4, 1)]);
        var keys = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, PeftConfig.FileName)))!;
        Assert.Equal(["bert.encoder.layer.0.attention.self.query", "bert.encoder.layer.0.attention.self.value", "bert.encoder.layer.2.attention.self.query",
            "bert.encoder.layer.2.attention.self.value", "bert.encoder.layer.4.attention.self.query", "bert.encoder.layer.4.attention.self.value"],
            keys["target_modules"]!.AsArray().Select(name => (string)name!));
        Assert.Equal((1, 2), ((int)keys["r"]!, (int)keys["lora_alpha"]!));
        Assert.Equal("""{"bert.encoder.layer.2.attention.self.query":3,"bert.encoder.layer.2.attention.self.value":3}""", keys["rank_pattern"]!.ToJsonString());
        Assert.Equal("""{"bert.encoder.layer.2.attention.self.query":6,"bert.encoder.layer.2.attention.self.value":6}""", keys["alpha_pattern"]!.ToJsonString());
        Assert.Equal(("LORA", "SEQ_CLS", "some/backbone"), ((string)keys["peft_type"]!, (string)keys["task_type"]!, (string)keys["base_model_name_or_path"]!));
        Assert.Equal("""["classifier"]""", keys["modules_to_save"]!.ToJsonString());
        using var file = SafetensorsFile.Open(Path.Combine(Folder, Weights));
        Assert.Equal(3 * 4 + 2, file.Tensors.Count);
        Assert.Equal([3, 32], file.Tensors["base_model.model.bert.encoder.layer.2.attention.self.query.lora_A.weight"].Shape);
        Assert.Contains("base_model.model.classifier.weight", file.Tensors.Keys);
    }

    [Theory]
    [MemberData(nameof(Beyond))]
    public void What_peft_has_no_words_for_is_refused_with_strategy_and_layer_and_nothing_is_written(string backboneName, string strategies, string wanted)
    {
        var tiny = new TinyBackbone(backboneName);
        using var backbone = tiny.Load();
        var (registry, solution) = Sized(backbone, strategies, everywhere: true);
        using var model = TunedModel.Create(backbone, solution, registry, TinyBackbone.Head(backbone), 1);
        using var content = TunedContent.Of(model, solution.Layers, registry);
        var error = Assert.Throws<InvalidDataException>(() => PeftFolder.Write(Folder, content, backbone, "b"));
        Assert.StartsWith("HF peft cannot hold this model: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(wanted, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(Folder));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_would_be_lost_or_does_not_fit_is_refused_by_name_in_one_line(string key, string value, string wanted)
    {
        using var backbone = TinyBert.Load();
        WriteLora(backbone, [.. Enumerable.Range(0, backbone.Layers.Count).Select(layer => (layer, 2))]);
        Change(key, value);
        var error = Assert.Throws<InvalidDataException>(() => PeftFolder.Read(Folder, backbone));
        Assert.Contains(wanted, error.Message);
        Assert.StartsWith(Folder, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void What_changes_nothing_is_passed_over_and_modules_may_be_named_in_every_way(string key, string value)
    {
        using var backbone = TinyBert.Load();
        WriteLora(backbone, [.. Enumerable.Range(0, backbone.Layers.Count).Select(layer => (layer, 2))]);
        using var before = PeftFolder.Read(Folder, backbone);
        Change(key, value);
        using var after = PeftFolder.Read(Folder, backbone);
        Assert.Equal(before.Layers, after.Layers);
        Assert.Equal(before.Strategies, after.Strategies);
    }

    [Theory]
    [InlineData("base_model.model.bert.pooler.dense.lora_A.weight")]
    [InlineData("base_model.model.bert.encoder.layer.99.attention.self.query.lora_A.weight")]
    [InlineData("../../outside")]
    [InlineData("base_model.model.classifier2.weight")]
    public void Unused_tensors_are_named(string name)
    {
        using var backbone = TinyBert.Load();
        WriteLora(backbone, [(0, 2)]);
        ChangeTensors(tensors => tensors.Add((name, ones(2, 2))));
        Assert.Contains($"{name} belongs to no linear map", Assert.Throws<InvalidDataException>(() => PeftFolder.Read(Folder, backbone)).Message);
    }

    [Fact]
    public void A_pickled_archive_is_read_as_well()
    {
        using var backbone = TinyBert.Load();
        WriteLora(backbone, [(0, 2), (3, 1)]);
        using var safe = PeftFolder.Read(Folder, backbone);
        var archive = new TorchArchive();
        using (var scope = NewDisposeScope())
        using (var file = SafetensorsFile.Open(Path.Combine(Folder, Weights)))
            foreach (var name in file.Tensors.Keys) archive.Tensor(name, file.Read(name));
        archive.Write(Path.Combine(Folder, "adapter_model.bin"));
        File.Delete(Path.Combine(Folder, Weights));
        using var read = PeftFolder.Read(Folder, backbone);
        Assert.Equal(safe.Layers, read.Layers);
        foreach (var (name, value) in safe.Values) Assert.Equal(TinyBert.Numbers(value), TinyBert.Numbers(read.Values[name]));
        File.Delete(Path.Combine(Folder, "adapter_model.bin"));
        Assert.Throws<FileNotFoundException>(() => PeftFolder.Read(Folder, backbone));
        Assert.Throws<DirectoryNotFoundException>(() => PeftFolder.Read(temporary.FullName, backbone));
    }

    [Fact]
    public void Stacks_that_are_tuned_differently_ask_for_layers_one_after_the_other()
    {
        var tiny = new TinyBackbone("bart-tiny");
        using (var sequential = BackboneCatalogue.Load(tiny.Folder, new() { Layers = LayerNumbering.Sequential }))
            WriteLora(sequential, [(0, 2), (1, 1)]);
        using var paired = tiny.Load();
        Assert.Contains("layers: sequential", Assert.Throws<InvalidDataException>(() => PeftFolder.Read(Folder, paired)).Message);
        Assert.Equal(LayerNumbering.Sequential, PeftFolder.NumberingFor(Folder, paired));
        WriteLora(paired, [(0, 2), (1, 1)]);
        Assert.Equal(LayerNumbering.Paired, PeftFolder.NumberingFor(Folder, paired));
    }

    [Fact]
    public void A_backbone_of_another_size_is_refused()
    {
        using (var backbone = TinyBert.Load()) WriteLora(backbone, [(0, 2)]);
        using var other = new TinyBackbone("roberta-tiny").Load();
        Assert.Contains("does not fit", Assert.Throws<InvalidDataException>(() => PeftFolder.Read(Folder, other)).Message);
    }

    private void WriteLora(IBackbone backbone, (int Layer, int Rank)[] ranks)
    {
        var cost = StrategyRegistry.Default.Costs["lora"];
        var solution = new TuningPlan.Sized(null, [.. ranks.Select(rank => new LayerTuning(rank.Layer, [new("lora", rank.Rank, cost.Parameters(backbone.Layers[rank.Layer].Shape, rank.Rank))]))]);
        using var model = TunedModel.Create(backbone, solution, StrategyRegistry.Default, TinyBackbone.Head(backbone), 1);
        TinyBackbone.Disturb(model, 5);
        using var content = TunedContent.Of(model, solution.Layers, StrategyRegistry.Default);
        PeftFolder.Write(Folder, content, backbone, "some/backbone");
    }

    private void Change(string key, string value)
    {
        var path = Path.Combine(Folder, PeftConfig.FileName);
        var keys = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        keys[key] = JsonNode.Parse(value);
        File.WriteAllText(path, JsonSerializer.Serialize(keys));
    }

    private void ChangeTensors(Action<List<(string Name, Tensor Value)>> change)
    {
        using var scope = NewDisposeScope();
        var tensors = new List<(string Name, Tensor Value)>();
        using (var file = SafetensorsFile.Open(Path.Combine(Folder, Weights)))
            tensors.AddRange(file.Tensors.Keys.Select(name => (name, file.Read(name))));
        change(tensors);
        RawSafetensors.Write(Path.Combine(Folder, Weights), tensors);
    }

    private static TuningPlan.Sized Same(IBackbone backbone, StrategyRegistry registry, string strategy, int size)
    {
        LayerTuning[] layers = [.. backbone.Layers.Select((layer, index) => new LayerTuning(index, [new(strategy, size, registry.Costs[strategy].Parameters(layer.Shape, size))]))];
        return new(null, layers);
    }

    // a design with other sizes in other layers, and where not everywhere, one that is not tuned
    private static (StrategyRegistry Registry, TuningPlan.Sized Solution) Sized(IBackbone backbone, string strategies, bool everywhere = false)
    {
        var options = strategies.Split(" / ").Select(item => item.Split(": ", 2)).ToDictionary(item => item[0], item => item[1]);
        var registry = StrategyRegistry.Default.Configure(options);
        var layers = backbone.Layers.Count;
        var set = new StrategySet(options.Keys);
        var design = new Design(
            LayerGrouping.Custom([1, 1, layers - 2]),
            Allocation.Of(AllocationPattern.Increasing, layers),
            new([set, everywhere ? set : StrategySet.Empty, set]));
        return (registry, BudgetSolver.Solve(design, 60_000, backbone.Shape, registry.Costs).Require());
    }
}
