using System.Text.Json.Nodes;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Interop;
using Spindle.Models.Numerics;
using Spindle.Models.Peft;
using Spindle.Models.Tests.Backbones;
using Spindle.Models.Tests.Checkpoints;
using Spindle.Models.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Interop;

/// <summary>Folders as HF peft writes them, with its names of keys and tensors, give what the checkpoint gives whose own weights are changed by the method's formula.</summary>
public sealed class PeftMethodsTests : IDisposable
{
    private const string Weights = "adapter_model.safetensors", Root = "base_model.model.", Bert = "bert-tiny";

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("spindle-methods-");

    private readonly Generator draws = new(7, CPU);

    public void Dispose()
    {
        draws.Dispose();
        temporary.Delete(recursive: true);
    }

    [Theory]
    [InlineData("\"all-linear\"")]
    [InlineData("[\"query\", \"key\", \"value\", \"dense\"]")]
    [InlineData("[\"bert.pooler.dense\"]")]
    public void A_LoRA_of_BERTs_pooler_is_read_and_written_like_every_other(string targets)
    {
        using var scope = NewDisposeScope();
        var onlyPooler = targets.Contains("pooler", StringComparison.Ordinal);
        var tensors = new Dictionary<string, Tensor>();
        Check(Bert, $$"""{"peft_type": "LORA", "task_type": "SEQ_CLS", "target_modules": {{targets}}, "r": 2, "lora_alpha": 6, "modules_to_save": ["classifier", "score"]}""", tensors, weights =>
        {
            string[] linears = [.. weights.Keys.Where(name => name.EndsWith(".weight", StringComparison.Ordinal) && weights[name].dim() == 2
                && !name.Contains("embeddings", StringComparison.Ordinal) && !name.StartsWith("classifier", StringComparison.Ordinal) && (!onlyPooler || name.Contains("pooler", StringComparison.Ordinal)))];
            Assert.Equal(onlyPooler ? 1 : 6 * 6 + 1, linears.Length);
            foreach (var name in linears)
            {
                var (down, up) = (Random(2, weights[name].shape[1]), Random(weights[name].shape[0], 2));
                tensors.Add($"{Root}{Module(name)}.lora_A.weight", down);
                tensors.Add($"{Root}{Module(name)}.lora_B.weight", up);
                weights[name] = weights[name].Plus(up.matmul(down).Times(3));
            }
        });
    }

    [Theory]
    [InlineData("all", "base_layer.bias")]
    [InlineData("all", "bias")]
    [InlineData("lora_only", "base_layer.bias")]
    [InlineData("lora_only", "bias")]
    [InlineData("lora_only", null)]
    public void Biases_that_peft_trained_beside_LoRA_are_read_under_the_names_of_all_its_versions(string bias, string? ofTuned)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        Check(Bert, $$"""{"peft_type": "LORA", "task_type": "SEQ_CLS", "target_modules": ["query", "value"], "r": 2, "lora_alpha": 4, "bias": "{{bias}}", "modules_to_save": ["classifier", "score"]}""", tensors, weights =>
        {
            AddLora(tensors, weights, name => name.EndsWith("query.weight", StringComparison.Ordinal) || name.EndsWith("value.weight", StringComparison.Ordinal));
            foreach (var name in weights.Keys.Where(name => name.EndsWith(".bias", StringComparison.Ordinal) && !name.StartsWith("classifier", StringComparison.Ordinal)).ToArray())
            {
                var isTuned = name.EndsWith("query.bias", StringComparison.Ordinal) || name.EndsWith("value.bias", StringComparison.Ordinal);
                if (bias == "lora_only" && (!isTuned || ofTuned is null)) continue;
                weights[name] = weights[name].Plus(Random([.. weights[name].shape]));
                tensors.Add($"{Root}{Module(name)}.{(isTuned ? ofTuned : "bias")}", weights[name]);
            }
            // what older versions store as well
            if (bias == "all" && ofTuned == "base_layer.bias")
                foreach (var copy in (string[])["original_module", "modules_to_save"]) tensors.Add($"{Root}classifier.{copy}.bias", Random([.. weights["classifier.bias"].shape]));
        }, writesAgain: ofTuned == "base_layer.bias");
    }

    [Fact]
    public void A_bias_that_is_said_to_be_trained_and_is_not_there_is_named()
    {
        using var scope = NewDisposeScope();
        using var backbone = new TinyBackbone(Bert).Load();
        var tensors = new Dictionary<string, Tensor>();
        AddLora(tensors, Weights32(Bert), name => name.EndsWith("query.weight", StringComparison.Ordinal));
        Write("peft", """{"peft_type": "LORA", "target_modules": ["query"], "r": 2, "bias": "all"}""", tensors);
        var error = Assert.Throws<InvalidDataException>(() => PeftFolder.Read(At("peft"), backbone)).Message;
        Assert.Contains("encoder.layer.0.attention.self.query.bias is missing", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Bert, "[\"LayerNorm\"]", 13)]
    [InlineData(Bert, "[\"attention.output.LayerNorm\"]", 6)]
    [InlineData(Bert, "[\"embeddings.LayerNorm\"]", 1)]
    [InlineData("roberta-tiny", "[\"LayerNorm\"]", 0)]
    [InlineData("bart-tiny", "[\"self_attn_layer_norm\", \"encoder_attn_layer_norm\", \"final_layer_norm\"]", 0)]
    [InlineData("bart-tiny", "\".*norm.*\"", 0)]
    [InlineData("t5-tiny", "[\"layer_norm\", \"final_layer_norm\"]", 0)]
    [InlineData("mpnet-tiny", "[\"LayerNorm\"]", 0)]
    public void Tuned_normalisations_in_and_outside_the_blocks_are_read_and_written(string backbone, string targets, int expected)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        var isClassifier = backbone is Bert or "roberta-tiny" or "mpnet-tiny";
        Check(backbone, $$"""{"peft_type": "LN_TUNING", "task_type": "{{(isClassifier ? "SEQ_CLS" : "SEQ_2_SEQ_LM")}}", "target_modules": {{targets}}, "modules_to_save": {{(isClassifier ? "[\"classifier\", \"score\"]" : "null")}}}""", tensors, weights =>
        {
            string[] norms = [.. weights.Keys.Where(name => weights[name].dim() == 1 && name.Contains("norm", StringComparison.OrdinalIgnoreCase) && Module(name) is var module
                && (targets[0] == '"' || JsonNode.Parse(targets)!.AsArray().Any(end => module == (string)end! || module.EndsWith("." + (string)end!, StringComparison.Ordinal))))];
            if (expected > 0) Assert.Equal(2 * expected, norms.Length);
            foreach (var name in norms)
            {
                weights[name] = weights[name].Plus(Random([.. weights[name].shape]));
                tensors.Add($"{Root}{Module(name)}.ln_tuning_layers.{name[(name.LastIndexOf('.') + 1)..]}", weights[name]);
            }
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void VeRA_is_read_with_its_projections_or_with_those_that_its_key_draws(bool saved)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        Check(Bert, $$"""{"peft_type": "VERA", "task_type": "SEQ_CLS", "target_modules": ["query", "intermediate.dense"], "r": 5, "d_initial": 0.1, "projection_prng_key": 0, "save_projection": {{(saved ? "true" : "false")}}, "modules_to_save": ["classifier", "score"]}""", tensors, weights =>
        {
            // one pair for all maps, as large as the largest of them: 32 → 64
            using var generator = new Generator(0, CPU);
            var (down, up) = saved ? (Random(5, 32), Random(64, 5)) : (Uniform(5, 32, generator), Uniform(64, 5, generator));
            if (!saved)
            {
                // the first numbers that PyTorch draws from seed 0
                var first = down[0].Times(1 / Bound(32)).Plus(1.0).Times(0.5).data<float>().ToArray();
                Assert.All(((float[])[0.4963f, 0.7682f, 0.0885f, 0.1320f, 0.3074f]).Zip(first), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
            }
            else (tensors["base_model.vera_A"], tensors["base_model.vera_B"]) = (down, up);
            foreach (var name in weights.Keys.Where(name => name.EndsWith("query.weight", StringComparison.Ordinal) || name.EndsWith("intermediate.dense.weight", StringComparison.Ordinal)).ToArray())
            {
                var (outputs, inputs) = (weights[name].shape[0], weights[name].shape[1]);
                var (inner, outer) = (Random(5), Random(outputs));
                tensors.Add($"{Root}{Module(name)}.vera_lambda_d", inner);
                tensors.Add($"{Root}{Module(name)}.vera_lambda_b", outer);
                weights[name] = weights[name].Plus((outer.unsqueeze(1) * up.narrow(0, 0, outputs)).matmul(inner.unsqueeze(1) * down.narrow(1, 0, inputs)));
            }
        }, writesAgain: saved);

        static double Bound(int columns) => Math.Sqrt(6.0 / columns);

        static Tensor Uniform(int rows, int columns, Generator generator) => rand(rows, columns, generator: generator).Times(2).Plus(-1.0).Times(Bound(columns));
    }

    [Theory]
    [InlineData("vera: {}", 4, 5, "has rank 5 and the one of layer 1 has rank 4; peft has one rank for all; train with '{vera: {equal-ranks: true}}'")]
    [InlineData("vera: {places: [attention-query, feed-forward-in, feed-forward-out]}", 4, 4, "through another random matrix")]
    [InlineData("vera: {places: [attention-query, feed-forward-out], stored-projections: true}", 4, 4, null)]
    [InlineData("vera: {places: [attention-query, feed-forward-in]}", 4, 4, null)]
    public void A_VeRA_is_written_where_one_pair_of_projections_serves_all_its_maps(string strategy, int first, int second, string? refusal)
    {
        using var backbone = new TinyBackbone(Bert).Load();
        var registry = StrategyRegistry.Default.Configure(new Dictionary<string, string> { ["vera"] = strategy["vera: ".Length..] });
        var cost = registry.Costs["vera"];
        TuningPlan.Sized plan = new(null, [.. ((int[])[first, second]).Select((rank, layer) => new LayerTuning(layer, [new("vera", rank, cost.Parameters(backbone.Layers[layer].Shape, rank))]))]);
        float[] before;
        using (var model = TunedModel.Create(backbone, plan, registry, TinyBackbone.Head(backbone), 1))
        {
            TinyBackbone.Disturb(model, 2);
            before = TinyBert.Logits(model);
            using var content = TunedContent.Of(model, plan.Layers, registry);
            if (refusal is not null)
            {
                Assert.Contains(refusal, Assert.Throws<InvalidDataException>(() => PeftFolder.Write(At("peft"), content, backbone, "b")).Message, StringComparison.Ordinal);
                Assert.False(Directory.Exists(At("peft")));
                return;
            }
            PeftFolder.Write(At("peft"), content, backbone, "b");
        }
        using var read = PeftFolder.Read(At("peft"), backbone);
        Assert.Equal(plan.Layers.Sum(layer => layer.Parameters), read.Layers.Sum(layer => layer.Parameters));
        using var again = TunedModel.Create(backbone, read.Plan, StrategyRegistry.Default.Configure(read.Strategies), TinyBackbone.Head(backbone), 3);
        read.CopyTo(again);
        Assert.All(before.Zip(TinyBert.Logits(again)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Theory]
    [InlineData("lora: {} / bitfit: {}", "all")]
    [InlineData("lora: {} / bitfit: {places: all-and-outside}", "all")]
    [InlineData("lora: {} / bitfit: {linears: [attention-query, attention-value]}", "lora_only")]
    [InlineData("dora: {} / bitfit: {places: query-and-feed-forward}", "all")]
    public void BitFit_beside_LoRA_becomes_pefts_trained_biases(string strategies, string bias)
    {
        using var backbone = new TinyBackbone(Bert).Load();
        var options = strategies.Split(" / ").Select(item => item.Split(": ", 2)).ToDictionary(item => item[0], item => item[1]);
        var registry = StrategyRegistry.Default.Configure(options);
        TuningPlan.Sized plan = new(null, [.. backbone.Layers.Select((layer, index) => new LayerTuning(index, [.. options.Keys.Select(name => new SizedStrategy(name, name == "bitfit" ? 1 : 2, registry.Costs[name].Parameters(layer.Shape, name == "bitfit" ? 1 : 2)))]))]);
        float[] before;
        using (var model = TunedModel.Create(backbone, plan, registry, TinyBackbone.Head(backbone), 1))
        {
            TinyBackbone.Disturb(model, 2);
            before = TinyBert.Logits(model);
            using var content = TunedContent.Of(model, plan.Layers, registry);
            PeftFolder.Write(At("peft"), content, backbone, "b");
        }
        Assert.Equal(bias, PeftConfig.Read(At("peft")).Bias);
        using var read = PeftFolder.Read(At("peft"), backbone);
        using var again = TunedModel.Create(backbone, read.Plan, StrategyRegistry.Default.Configure(read.Strategies), TinyBackbone.Head(backbone), 3);
        read.CopyTo(again);
        Assert.Equal(before, TinyBert.Logits(again));
    }

    [Fact]
    public void Biases_that_the_backbone_does_not_have_are_not_written()
    {
        using var backbone = new TinyBackbone("t5-tiny").Load();
        var registry = StrategyRegistry.Default;
        TuningPlan.Sized plan = new(null, [new(0, [new("lora", 2, registry.Costs["lora"].Parameters(backbone.Layers[0].Shape, 2)), new("bitfit", 1, registry.Costs["bitfit"].Parameters(backbone.Layers[0].Shape, 1))])]);
        using var model = TunedModel.Create(backbone, plan, registry, _ => new LanguageHead(), 1);
        using var content = TunedContent.Of(model, plan.Layers, registry);
        Assert.Contains("which the backbone does not have", Assert.Throws<InvalidDataException>(() => PeftFolder.Write(At("peft"), content, backbone, "b")).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("peft")));
    }

    // reads the folder, compares it with the changed checkpoint, writes it again and compares the tensors
    private void Check(string name, string config, Dictionary<string, Tensor> tensors, Action<Dictionary<string, Tensor>> change, bool writesAgain = true)
    {
        var tiny = new TinyBackbone(name);
        using var reference = new ChangedCheckpoint(name, _ => { }, weights =>
        {
            change(weights);
            foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
        });
        var isClassifier = config.Contains("SEQ_CLS", StringComparison.Ordinal);
        if (isClassifier)
            foreach (var (head, value) in Weights32(name).Where(pair => pair.Key.StartsWith("classifier.", StringComparison.Ordinal))) tensors.Add(Root + head, value);
        Write("peft", config, tensors);

        using var backbone = tiny.Load();
        using var content = PeftFolder.Read(At("peft"), backbone);
        float[] tuned, expected;
        using (var model = TunedModel.Create(backbone, content.Plan, StrategyRegistry.Default.Configure(content.Strategies), HeadOf(backbone), 1))
        {
            content.CopyTo(model);
            tuned = isClassifier ? tiny.Logits(model) : tiny.States(backbone);
            // through a tuned folder's file and back
            model.Save(At("tuned.safetensors"));
            using var outline = tiny.Load();
            using var loaded = TunedModel.Create(outline, content.Plan, StrategyRegistry.Default.Configure(content.Strategies), HeadOf(outline), 2);
            loaded.Load(At("tuned.safetensors"));
            Assert.Equal(tuned, isClassifier ? tiny.Logits(loaded) : tiny.States(outline));
        }
        using (var changed = BackboneCatalogue.Load(reference.Folder, new()))
        {
            ISequenceHead? head = null;
            using var model = TunedModel.Create(changed, new TuningPlan.Sized(null, []), StrategyRegistry.Default, random => head = HeadOf(changed)(random), 1);
            if (isClassifier) CheckpointHead.Read(reference.Folder, head!);
            expected = isClassifier ? tiny.Logits(model) : tiny.States(changed);
        }
        var tolerance = 1e-5f * Math.Max(1, expected.Max(Math.Abs));
        Assert.All(expected.Zip(tuned), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.NotEqual(tuned, isClassifier ? Untuned(tiny, content.OutputsOf(backbone.Family)!.Value) : tiny.States(backbone));

        if (!writesAgain) return;
        PeftFolder.Write(At("again"), content, backbone, "b");
        using var before = SafetensorsFile.Open(Path.Combine(At("peft"), Weights));
        using var after = SafetensorsFile.Open(Path.Combine(At("again"), Weights));
        Assert.Equal(before.Tensors.Keys.Where(tensor => !tensor.Contains("classifier.original_module", StringComparison.Ordinal) && !tensor.Contains("classifier.modules_to_save", StringComparison.Ordinal)).Order(StringComparer.Ordinal), after.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(after.Tensors.Keys, tensor => Assert.True(before.Read(tensor).eq(after.Read(tensor)).all().ToBoolean(), tensor));

        Func<Parameters.InitialValues, ISequenceHead> HeadOf(IBackbone over) => isClassifier ? random => over.MakeJointHead(content.OutputsOf(over.Family)!.Value, random) : _ => new LanguageHead();
    }

    private static float[] Untuned(TinyBackbone tiny, int outputs)
    {
        using var backbone = tiny.Load();
        ISequenceHead? head = null;
        using var model = TunedModel.Create(backbone, new TuningPlan.Sized(null, []), StrategyRegistry.Default, random => head = backbone.MakeJointHead(outputs, random), 1);
        CheckpointHead.Read(tiny.Folder, head!);
        return tiny.Logits(model);
    }

    private void AddLora(Dictionary<string, Tensor> tensors, Dictionary<string, Tensor> weights, Func<string, bool> isTuned)
    {
        foreach (var name in weights.Keys.Where(isTuned).ToArray())
        {
            var (down, up) = (Random(2, weights[name].shape[1]), Random(weights[name].shape[0], 2));
            tensors.Add($"{Root}{Module(name)}.lora_A.weight", down);
            tensors.Add($"{Root}{Module(name)}.lora_B.weight", up);
            weights[name] = weights[name].Plus(up.matmul(down).Times(2));
        }
    }

    private static Dictionary<string, Tensor> Weights32(string name)
    {
        using var file = SafetensorsFile.Open(Path.Combine(new TinyBackbone(name).Folder, "model.safetensors"));
        return file.Tensors.Keys.ToDictionary(tensor => tensor, tensor => file.Read(tensor));
    }

    private void Write(string folder, string config, Dictionary<string, Tensor> tensors)
    {
        Directory.CreateDirectory(At(folder));
        File.WriteAllText(Path.Combine(At(folder), PeftConfig.FileName), config);
        RawSafetensors.Write(Path.Combine(At(folder), Weights), tensors.Select(tensor => (tensor.Key, tensor.Value)));
    }

    private string At(string name) => Path.Combine(temporary.FullName, name);

    private static string Module(string tensor) => tensor[..tensor.LastIndexOf('.')];

    private Tensor Random(params long[] shape) => randn(shape, generator: draws).Times(0.1);
}
