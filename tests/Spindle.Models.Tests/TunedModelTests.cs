using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests;

public sealed class TunedModelTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-tuned-");

    public static TheoryData<string> Ways => [.. Way.Names];

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Weights_that_were_saved_and_loaded_give_the_same_logits(string name)
    {
        using var backbone = TinyBert.Load();
        var path = Path.Combine(folder.FullName, "tuned.safetensors");
        var way = Way.Of(name);
        var solution = TinyBert.Solve(backbone, way.Design(backbone.Layers.Count), way.Registry);
        float[] saved;
        using (var model = TunedModel.Create(backbone, solution, way.Registry, TinyBert.Head(backbone), seed: 1))
        {
            TinyBert.Disturb(model, seed: 3);
            saved = TinyBert.Logits(model);
            model.Save(path);
        }
        using var again = TunedModel.Create(backbone, solution, way.Registry.Stored, TinyBert.Head(backbone), seed: 2);
        Assert.NotEqual(saved, TinyBert.Logits(again));
        again.Load(path);
        Assert.Equal(saved, TinyBert.Logits(again));
        Assert.Equal([path], Directory.GetFiles(folder.FullName));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_head_starts_at_the_same_values_whatever_is_trained_beside_it(string name)
    {
        using var backbone = TinyBert.Load();
        var way = Way.Of(name);
        Assert.Equal(Head(new TuningPlan.Full(), 1), Head(TinyBert.Solve(backbone, way.Design(backbone.Layers.Count), way.Registry), 1));
        Assert.NotEqual(Head(new TuningPlan.Full(), 1), Head(new TuningPlan.Full(), 2));

        float[][] Head(TuningPlan plan, int seed)
        {
            using var model = TunedModel.Create(backbone, plan, way.Registry, TinyBert.Head(backbone), seed);
            return [.. model.Parameters.Parameters.Zip(model.Owners).Where(owned => owned.Second is null).Select(owned => owned.First.Value.contiguous().data<float>().ToArray())];
        }
    }

    [Fact]
    public void Full_weights_that_were_saved_and_loaded_give_the_same_logits()
    {
        using var backbone = TinyBert.Load();
        var path = Path.Combine(folder.FullName, "tuned.safetensors");
        float[] saved;
        using (var model = TunedModel.Create(backbone, new TuningPlan.Full(), StrategyRegistry.Default, TinyBert.Head(backbone), 1))
        {
            TinyBert.Disturb(model, seed: 3, deviation: 0.01);
            saved = TinyBert.Logits(model);
            model.Save(path);
        }
        using var again = TunedModel.Create(backbone, new TuningPlan.Full(), StrategyRegistry.Default, TinyBert.Head(backbone), 2);
        again.Load(path);
        Assert.Equal(saved, TinyBert.Logits(again));
    }

    [Fact]
    public void Weights_of_another_backbone_are_refused()
    {
        var other = OtherBackbone();
        var path = Path.Combine(folder.FullName, "tuned.safetensors");
        string fingerprint;
        using (var backbone = BackboneCatalogue.Load(other, new()))
        using (var model = TinyBert.Attach(backbone, Way.Of("lora")))
        {
            fingerprint = backbone.Fingerprint;
            model.Save(path);
        }
        using var mine = TinyBert.Load();
        using var wrong = TinyBert.Attach(mine, Way.Of("lora"));
        var before = TinyBert.Numbers(wrong.Parameters.Values);
        var error = Assert.Throws<InvalidDataException>(() => wrong.Load(path));
        Assert.Contains("another backbone", error.Message);
        Assert.Contains(fingerprint, error.Message);
        Assert.Contains(mine.Fingerprint, error.Message);
        Assert.Equal(before, TinyBert.Numbers(wrong.Parameters.Values));
    }

    [Fact]
    public void Weights_of_another_design_are_refused_and_every_fault_is_named()
    {
        using var backbone = TinyBert.Load();
        var path = Path.Combine(folder.FullName, "tuned.safetensors");
        using (var model = TinyBert.Attach(backbone, Way.Of("adapter+lora"))) model.Save(path);
        var way = Way.Of("bitfit+lora");
        var larger = TinyBert.Solve(backbone, way.Design(backbone.Layers.Count), way.Registry, budget: 12000);
        using var other = TunedModel.Create(backbone, larger, way.Registry, TinyBert.Head(backbone), 0);
        var before = TinyBert.Numbers(other.Parameters.Values);
        var error = Assert.Throws<InvalidDataException>(() => other.Load(path));
        Assert.Contains("is missing", error.Message);
        Assert.Contains("is surplus", error.Message);
        Assert.Contains("where the design needs", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(before, TinyBert.Numbers(other.Parameters.Values));
    }

    [Fact]
    public void Weights_that_are_not_there_are_a_missing_file()
    {
        using var backbone = TinyBert.Load();
        using var model = TinyBert.Attach(backbone, Way.Of("lora"));
        Assert.Throws<FileNotFoundException>(() => model.Load(Path.Combine(folder.FullName, "absent.safetensors")));
    }

    [Fact]
    public void Frozen_weights_in_bfloat16_take_the_same_tuned_weights()
    {
        var path = Path.Combine(folder.FullName, "tuned.safetensors");
        using (var rounded = TinyBert.Load(ScalarType.BFloat16))
        using (var model = TinyBert.Attach(rounded, Way.Of("adapter+lora")))
        {
            TinyBert.Disturb(model, seed: 3);
            model.Save(path);
        }
        using var backbone = TinyBert.Load();
        using var exact = TinyBert.Attach(backbone, Way.Of("adapter+lora"), seed: 9);
        exact.Load(path);
        using var same = TinyBert.Load(ScalarType.BFloat16);
        using var again = TinyBert.Attach(same, Way.Of("adapter+lora"), seed: 10);
        again.Load(path);
        Assert.Equal(TinyBert.Numbers(exact.Parameters.Values), TinyBert.Numbers(again.Parameters.Values));
    }

    [Fact]
    public void A_model_over_no_tuned_layer_but_one_touches_only_that_one()
    {
        using var backbone = TinyBert.Load();
        List<float[]> before = States();
        var solution = new TuningPlan.Sized(null, [new(3, [new("lora", 2, 256)])]);
        using var model = TunedModel.Create(backbone, solution, StrategyRegistry.Default, TinyBert.Head(backbone), 0);
        TinyBert.Disturb(model, seed: 1, deviation: 1);
        var after = States();
        for (var index = 0; index <= 3; index++) Assert.Equal(before[index], after[index]);
        for (var index = 4; index < after.Count; index++) Assert.NotEqual(before[index], after[index]);

        List<float[]> States()
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            return [.. backbone.EncodeAll(TinyBert.Batch()).Select(TinyBert.Numbers)];
        }
    }

    // the same backbone but for one weight's last bit
    private string OtherBackbone()
    {
        var other = Directory.CreateDirectory(Path.Combine(folder.FullName, "other")).FullName;
        File.WriteAllBytes(Path.Combine(other, "config.json"), File.ReadAllBytes(Path.Combine(TinyBert.Folder, "config.json")));
        var bytes = File.ReadAllBytes(Path.Combine(TinyBert.Folder, "model.safetensors"));
        bytes[^4] ^= 1;
        File.WriteAllBytes(Path.Combine(other, "model.safetensors"), bytes);
        return other;
    }
}
