using System.Text.Json;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Full;
using Spindle.Models.Tuning.Lora;
using Spindle.Tests;
using Spindle.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Training;

/// <summary>Thirty steps of AdamW, schedule and clipping go where HF transformers' and PyTorch's go.</summary>
public class TrajectoryParityTests
{
    private const double WeightDecay = 0.01;
    private const int WarmUpSteps = 3;
    private const double LossTolerance = 1e-4;
    private const double WeightTolerance = 1e-4;

    public static TheoryData<string> Runs()
    {
        var root = Path.Combine(SharedFiles.Fixtures, "trajectories");
        return Directory.Exists(root) ? [.. Directory.EnumerateFiles(root, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()] : ["absent"];
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Losses_norms_rates_and_final_weights_equal_the_references(string run)
    {
        var root = SharedFiles.Fixture("trajectories");
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("trajectories", $"{run}.json")));
        using var expected = SafetensorsFile.Open(Path.Combine(root, $"{run}.safetensors"));
        var folder = SharedFiles.Fixture(json.RootElement.GetProperty("base").GetString()!.Split('/'));
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(folder, new() { Dropout = 0 });
        using var random = new InitialValues(0);
        var attachments = Attach(run, root, backbone, expected, random);
        var head = backbone.MakeJointHead(2, random);
        using var buffer = new ParameterBuffer([.. attachments.SelectMany(attachment => attachment.Parameters), .. head.Parameters], CPU);
        using var start = SafetensorsFile.Open(run == "lora" ? Path.Combine(root, "lora-start", "adapter_model.safetensors") : Path.Combine(folder, "model.safetensors"));
        using (no_grad())
            foreach (var parameter in buffer.Parameters.Where(parameter => KeyOf(start, "", parameter.Name) is not null))
                parameter.Value.copy_(start.Read(KeyOf(start, "", parameter.Name)!));

        var (losses, norms, rates) = (Numbers("losses"), Numbers("gradient_norms_before_clipping"), Numbers("learning_rates"));
        var schedule = new LinearWarmUp(json.RootElement.GetProperty("lr").GetDouble(), WarmUpSteps, losses.Length);
        using var optimizer = new FlatAdamW(buffer, WeightDecay);
        var (ids, labels) = (expected.Read("input_ids"), expected.Read("labels"));
        for (var step = 0; step < losses.Length; step++)
        {
            using var inner = NewDisposeScope();
            var batch = new TokenBatch(ids[step], ones_like(ids[step]), null);
            var loss = nn.functional.cross_entropy(head.Logits(backbone, new(batch, null)), labels[step]);
            buffer.ZeroGradients();
            loss.backward();
            var norm = GradientClipping.Clip(buffer.Gradients, 1).ToDouble();
            Assert.Equal(rates[step], schedule.At(step), 1e-12);
            Assert.True(Math.Abs(losses[step] - loss.ToDouble()) <= LossTolerance, $"step {step}: the loss is {loss.ToDouble():G7} for {losses[step]:G7}");
            Assert.True(Math.Abs(norms[step] - norm) <= 1e-3 * norms[step] + LossTolerance, $"step {step}: the norm is {norm:G7} for {norms[step]:G7}");
            optimizer.Step(schedule.At(step));
        }
        var compared = 0;
        foreach (var parameter in buffer.Parameters)
        {
            if (KeyOf(expected, "final.", parameter.Name) is not { } key) throw new InvalidOperationException($"the reference has nothing for {parameter.Name}");
            var difference = (expected.Read(key) - parameter.Value).abs().max().ToDouble();
            Assert.True(difference <= WeightTolerance, $"{parameter.Name}: off by {difference:G3} after {losses.Length} steps");
            compared++;
        }
        Assert.Equal(expected.Tensors.Keys.Count(key => key.StartsWith("final.", StringComparison.Ordinal)), compared);
        foreach (var attachment in attachments) attachment.Dispose();

        double[] Numbers(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
    }

    private static List<Attachment> Attach(string run, string root, IBackbone backbone, SafetensorsFile expected, InitialValues random)
    {
        if (run == "full") return [FullTuning.Attach(backbone)];
        if (run == "bitfit")
        {
            // the reference trains every bias, that of the embeddings' norm too, which belongs to no layer
            var biases = new Attachment();
            foreach (var slot in backbone.Weights.Where(slot => KeyOf(expected, "final.", slot.Name) is not null)) biases.Train(slot, slot.Name);
            return [biases];
        }
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "lora-start", "adapter_config.json")));
        var lora = new LoraStrategy(new() { Alpha = json.RootElement.GetProperty("lora_alpha").GetDouble() });
        return [.. backbone.Layers.Select(layer => lora.Attach(new(layer, "it", json.RootElement.GetProperty("r").GetInt32(), random)))];
    }

    // the reference's name for one of ours
    private static string? KeyOf(SafetensorsFile file, string start, string ours)
    {
        var name = ours.StartsWith("it.", StringComparison.Ordinal)
            ? ours[3..].Replace(".weight.a", ".lora_A", StringComparison.Ordinal).Replace(".weight.b", ".lora_B", StringComparison.Ordinal)
            : ours;
        string[] ends = [$".{name}", $".{name}.weight", $".{name}.default.weight", "." + name.Replace("classifier.", "classifier.modules_to_save.default.", StringComparison.Ordinal)];
        return file.Tensors.Keys.FirstOrDefault(key => key.StartsWith(start, StringComparison.Ordinal) && ends.Any(end => $".{key}".EndsWith(end, StringComparison.Ordinal)));
    }
}
