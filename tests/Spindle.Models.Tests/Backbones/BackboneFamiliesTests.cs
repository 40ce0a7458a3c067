using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Interop;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>Which families there are, and how one is added.</summary>
public sealed class BackboneFamiliesTests : IDisposable
{
    private const string Configuration = """
        {"model_type": "orderless", "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 16, "num_hidden_layers": 4, "vocab_size": 20,
         "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        """;

    private static readonly BackboneOptions WithAdded = new()
    {
        Families = BackboneFamilies.Discover(typeof(BackboneFamilies).Assembly, typeof(AddedFamily).Assembly),
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-family-");

    public BackboneFamiliesTests()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "config.json"), Configuration);
        using var random = BackboneCatalogue.Initialise(folder.FullName, WithAdded, seed: 3);
        SafetensorsWriter.Write(
            Path.Combine(folder.FullName, "model.safetensors"),
            [.. random.Weights.Select(weight => ("orderless." + weight.Name, weight.Frozen))],
            new Dictionary<string, string>());
    }

    [Fact]
    public void A_family_in_another_assembly_is_found_without_changing_Spindle()
    {
        Assert.Equal(BackboneCatalogue.ModelTypes.Append("orderless").Order(StringComparer.Ordinal), WithAdded.Families.ModelTypes);
        Assert.Contains("'model_type: orderless' is not supported", Assert.Throws<InvalidDataException>(() => BackboneCatalogue.Load(folder.FullName, new())).Message);
    }

    [Fact]
    public void An_added_family_is_loaded_tuned_exported_and_read_back()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var backbone = BackboneCatalogue.Load(folder.FullName, WithAdded);
        var batch = new TokenBatch(tensor(new long[] { 1, 2, 3, 4, 5, 0 }, [2, 3]), tensor(new long[] { 1, 1, 1, 1, 1, 0 }, [2, 3]), null);
        var plain = TinyBackbone.Numbers(backbone.Encode(batch));
        Assert.All(plain, value => Assert.True(float.IsFinite(value)));

        var registry = StrategyRegistry.Default;
        var mixed = BudgetSolver.Solve(Design.Uniform(new("adapter", "prefix", "bitfit", "lora"), 4), 20_000, backbone.Shape, registry.Costs).Require();
        using (var model = TunedModel.Create(backbone, mixed, registry, TinyBackbone.Head(backbone), seed: 1))
        {
            Assert.Equal(mixed.Trained, model.Trained);
            TinyBackbone.Disturb(model, seed: 2);
            Assert.NotEqual(plain, TinyBackbone.Numbers(backbone.Encode(batch)));
        }
        Assert.Equal(plain, TinyBackbone.Numbers(backbone.Encode(batch)));

        var (peft, merged) = (Path.Combine(folder.FullName, "peft"), Path.Combine(folder.FullName, "merged"));
        var low = BudgetSolver.Solve(Design.Uniform(new("lora"), 4), 1_000, backbone.Shape, registry.Costs).Require();
        float[] states, logits;
        using (var model = TunedModel.Create(backbone, low, registry, TinyBackbone.Head(backbone), seed: 1))
        {
            TinyBackbone.Disturb(model, seed: 2);
            states = TinyBackbone.Numbers(backbone.Encode(batch));
            logits = TinyBackbone.Numbers(model.Logits(new(batch, null)));
            using (var content = TunedContent.Of(model, low.Layers, registry)) PeftFolder.Write(peft, content, backbone, "orderless");
            MergedCheckpoint.Write(merged, folder.FullName, backbone, model, new(["a", "b", "c"], Regression: false));
        }
        using (var read = PeftFolder.Read(peft, backbone))
        using (var model = TunedModel.Create(backbone, read.Plan, registry.Configure(read.Strategies), TinyBackbone.Head(backbone), seed: 5))
        {
            read.CopyTo(model);
            Assert.Equal(logits, TinyBackbone.Numbers(model.Logits(new(batch, null))));
        }
        using (var other = SafetensorsFile.Open(Path.Combine(merged, "model.safetensors"))) Assert.Contains("classifier.out_proj.weight", other.Tensors.Keys);
        Assert.Contains("OrderlessForSequenceClassification", File.ReadAllText(Path.Combine(merged, "config.json")));
        Assert.NotEqual(plain, states);
    }

    [Fact]
    public void Two_families_of_one_model_type_are_refused()
    {
        var assembly = typeof(BackboneFamilies).Assembly;
        Assert.StartsWith("two backbone families have the model type 'bart'", Assert.Throws<ArgumentException>(() => BackboneFamilies.Discover(assembly, assembly)).Message);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
