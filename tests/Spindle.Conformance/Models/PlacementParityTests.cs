using System.Text.Json;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.Dora;
using Spindle.Models.Tuning.Ia3;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Prefix;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>Strategies stand in every family where HF peft and AdapterHub put them: the references' trained values, in our places, give the
/// references' logits, loss and gradients.</summary>
public class PlacementParityTests
{
    private const double OutputTolerance = 1e-4;
    private const double GradientTolerance = 1e-3;

    // per method of the fixtures: our strategy's name, and the strategy that the reference's own configuration asks for
    private static readonly Dictionary<string, (string Strategy, Func<JsonElement, ITuningStrategy> Make)> Methods = new(StringComparer.Ordinal)
    {
        ["lora"] = ("lora", configuration => new LoraStrategy(new()
        {
            Alpha = configuration.GetProperty(configuration.TryGetProperty("lora_alpha", out _) ? "lora_alpha" : "alpha").GetDouble(),
        })),
        ["rslora"] = ("lora", configuration => new LoraStrategy(new() { Alpha = configuration.GetProperty("lora_alpha").GetDouble(), RankStabilized = true })),
        ["dora"] = ("dora", configuration => new DoraStrategy(new() { Alpha = configuration.GetProperty("lora_alpha").GetDouble() })),
        ["ia3"] = ("ia3", Scaled),
        ["pfeiffer"] = ("adapter", configuration => Adapter(configuration, AdapterPlacement.Pfeiffer)),
        ["houlsby"] = ("adapter", configuration => Adapter(configuration, AdapterPlacement.Houlsby)),
        ["parallel"] = ("adapter", configuration => Adapter(configuration, AdapterPlacement.Parallel)),
        ["prefix-flat"] = ("prefix", _ => new PrefixStrategy()),
    };

    public static TheoryData<string, string> Cases()
    {
        var found = new TheoryData<string, string>();
        foreach (var library in new[] { "peft", "adapterhub" })
        {
            var root = Path.Combine(SharedFiles.Fixtures, library);
            if (!Directory.Exists(root)) continue;
            foreach (var folder in Directory.EnumerateDirectories(root).Select(folder => Path.GetFileName(folder)!).Order())
                if (Methods.ContainsKey(MethodOf(folder)))
                    found.Add(library, folder);
        }
        if (found.Count == 0) found.Add("peft", "absent");
        return found;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trained_values_of_the_reference_give_its_logits_loss_and_gradients(string library, string name)
    {
        var folder = SharedFiles.Fixture(library, name);
        var (kind, make) = Methods[MethodOf(name)];
        var model = SharedFiles.Fixture("models", name.Split("--")[0]);
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(model, new());
        Assert.SkipWhen(kind == "prefix" && backbone is ISequenceToSequence,
            "AdapterHub counts a prefix among the tokens in BART's causal mask and in T5's distances, for which there is no option yet");
        using var inputs = SafetensorsFile.Open(Path.Combine(model, "expected.safetensors"));
        using var expected = SafetensorsFile.Open(SharedFiles.Fixture(library, name, "expected.safetensors"));
        using var trained = SafetensorsFile.Open(Path.Combine(folder, library == "peft" ? "adapter_model.safetensors" : "expected.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, library == "peft" ? "adapter_config.json" : "expected.json")));
        var strategy = make(library == "peft" ? json.RootElement : json.RootElement.GetProperty("config"));
        var values = new Reference(trained, library == "peft" ? "" : "parameter.", backbone);
        var gradients = new Reference(expected, "grad.", backbone);

        using var random = new InitialValues(0);
        var size = values.SizeOf(kind);
        var attachments = backbone.Layers.Select((layer, index) => strategy.Attach(new(layer, $"{index}.{kind}", size, random))).ToArray();
        var labels = inputs.Read("labels");
        var head = labels.dim() == 1 ? backbone.MakeJointHead((int)expected.Tensors["logits"].Shape[1], random) : null;
        using var buffer = new ParameterBuffer([.. attachments.SelectMany(attachment => attachment.Parameters), .. head?.Parameters ?? []], CPU);
        using (no_grad())
            foreach (var parameter in buffer.Parameters) parameter.Value.copy_(values.Find(parameter.Name));

        var batch = new TokenBatch(inputs.Read("input_ids"), inputs.Read("attention_mask"), null);
        var logits = head?.Logits(backbone, new(batch, null)) ?? Write((ISequenceToSequence)backbone, batch, labels);
        AssertNear(expected.Read("logits"), logits, OutputTolerance, "logits");
        var loss = head is null ? nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: -100) : nn.functional.cross_entropy(logits, labels);
        AssertNear(expected.Read("loss").squeeze(), loss, OutputTolerance, "loss");
        if (expected.Tensors.ContainsKey("merged_logits")) AssertMerged(backbone, attachments, head, batch, labels, expected.Read("merged_logits"));
        loss.backward();
        var compared = 0;
        foreach (var parameter in buffer.Parameters.Where(parameter => gradients.Has(parameter.Name)))
        {
            var wanted = gradients.Find(parameter.Name);
            AssertNear(wanted, parameter.Value.grad!, GradientTolerance * wanted.abs().max().ToDouble(), $"gradient of {parameter.Name}");
            compared++;
        }
        Assert.True(compared > 0, "no gradient was compared");
        foreach (var attachment in attachments) attachment.Dispose();
    }

    // the same logits by plain weights, with nothing attached
    private static void AssertMerged(IBackbone backbone, Attachment[] attachments, ISequenceHead? head, TokenBatch batch, Tensor labels, Tensor expected)
    {
        using var noGrad = no_grad();
        var linears = backbone.Layers.SelectMany(layer => layer.Blocks).SelectMany(block => block.Linears).ToArray();
        var merged = linears.Select(linear => linear.Merge() ?? throw new InvalidOperationException($"{linear.Weight.Name} does not merge")).ToArray();
        foreach (var attachment in attachments) attachment.Suspend();
        using (var plain = new Attachment())
        {
            foreach (var linear in linears)
            {
                plain.Train(linear.Weight, linear.Weight.Name);
                if (linear.Bias is { } bias) plain.Train(bias, bias.Name);
            }
            using var buffer = new ParameterBuffer(plain.Parameters, CPU);
            foreach (var (linear, weights) in linears.Zip(merged))
            {
                linear.Weight.Current.copy_(weights.Weight);
                if (linear.Bias is { } bias) bias.Current.copy_(weights.Bias!);
            }
            AssertNear(expected, head?.Logits(backbone, new(batch, null)) ?? Write((ISequenceToSequence)backbone, batch, labels), OutputTolerance, "merged logits");
        }
        foreach (var attachment in attachments) attachment.Resume();
    }

    private static Tensor Write(ISequenceToSequence backbone, TokenBatch batch, Tensor labels) =>
        backbone.LanguageLogits(backbone.Decode(backbone.Tokens.ShiftRight(labels), backbone.EncodeSource(batch)[^1], batch.Mask)[^1]);

    // peft scales inputs of its feed-forward modules and outputs of the others, by their modules' names; AdapterHub keys, values and the first map's output
    private static Ia3Strategy Scaled(JsonElement configuration)
    {
        if (!configuration.TryGetProperty("target_modules", out var targets))
            return new(new() { Outputs = [.. new Ia3Options().Outputs, LinearPlace.FeedForwardIn], Inputs = [] });
        string[] inputs = [.. configuration.GetProperty("feedforward_modules").EnumerateArray().Select(name => name.GetString()!)];
        return new(new()
        {
            Inputs = [.. inputs.SelectMany(PlacesOf)],
            Outputs = [.. targets.EnumerateArray().Select(name => name.GetString()!).Except(inputs).SelectMany(PlacesOf)],
        });

        static LinearPlace[] PlacesOf(string module) => module switch
        {
            "query" or "q" or "q_proj" => [LinearPlace.AttentionQuery, LinearPlace.CrossAttentionQuery],
            "key" or "k" or "k_proj" => [LinearPlace.AttentionKey, LinearPlace.CrossAttentionKey],
            "value" or "v" or "v_proj" => [LinearPlace.AttentionValue, LinearPlace.CrossAttentionValue],
            "o" or "out_proj" => [LinearPlace.AttentionOutput, LinearPlace.CrossAttentionOutput],
            "output.dense" => [LinearPlace.AttentionOutput, LinearPlace.FeedForwardOut], // both modules' names end so
            "wi" or "wi_1" or "fc1" or "intermediate.dense" => [LinearPlace.FeedForwardIn],
            "wi_0" => [LinearPlace.FeedForwardGate],
            "wo" or "fc2" => [LinearPlace.FeedForwardOut],
            _ => throw new NotSupportedException($"no place for module '{module}'"),
        };
    }

    private static AdapterStrategy Adapter(JsonElement configuration, AdapterPlacement placement) => new(new()
    {
        Placement = placement,
        Activation = Enum.Parse<AdapterActivation>(configuration.GetProperty("non_linearity").GetString()!, ignoreCase: true),
        Scaling = configuration.GetProperty("scaling").GetDouble(),
    });

    private static string MethodOf(string folder) => folder.Split("--") is [_, var method] ? method : "";

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(", ", actual.shape)}] for [{string.Join(", ", expected.shape)}]");
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= tolerance, $"{what}: off by {difference:G3}, where {tolerance:G3} is allowed");
    }

    // the references' tensors under our names
    private sealed class Reference(SafetensorsFile file, string start, IBackbone backbone)
    {
        public int SizeOf(string strategy) => strategy switch
        {
            "lora" or "dora" => (int)ShapeOf(".lora_A")[0],
            "ia3" => 1,
            "adapter" => (int)ShapeOf(".adapter_down.0.weight")[0],
            _ => (int)ShapeOf("_prefix.control_trans")[0] / (2 * backbone.Layers.Count * Inner),
        };

        private int Inner => backbone.Layers[0].Blocks[0].Attentions[0].Shape.InnerSize;

        public bool Has(string ours) => KeyOf(ours) is not null;

        public Tensor Find(string ours)
        {
            var tensor = file.Read(KeyOf(ours) ?? throw new InvalidOperationException($"the reference has nothing for {ours}"));
            // the references keep a vector of scales as a row or a column
            if (ours.Split('.')[1] == "ia3") return tensor.flatten();
            // a flat prefix: length, then key and value of each layer, then heads
            return ours.Split('.') is [var layer, "prefix", _, _, var part]
                ? tensor.view(-1, 2 * backbone.Layers.Count, Inner).select(1, 2 * int.Parse(layer) + (part == "key" ? 0 : 1)).contiguous()
                : tensor;
        }

        private IReadOnlyList<long> ShapeOf(string part) => file.Tensors.First(tensor => tensor.Key.Contains(part, StringComparison.Ordinal)).Value.Shape;

        private string? KeyOf(string ours) => Endings(ours)
            .Select(end => file.Tensors.Keys.SingleOrDefault(key => key.StartsWith(start, StringComparison.Ordinal) && key.EndsWith(end, StringComparison.Ordinal)))
            .FirstOrDefault(key => key is not null);

        // what the reference's name may end with, the first to be tried first
        private static string[] Endings(string ours)
        {
            if (ours.Split('.', 3) is not [var index, var strategy, var rest] || !int.TryParse(index, out var layer))
                return [$".{ours}", "." + ours.Replace("classifier.", "classifier.modules_to_save.default.", StringComparison.Ordinal)];
            var parts = rest.Split('.');
            switch (strategy)
            {
                case "lora":
                    var (linear, side) = (rest[..^".weight.a".Length], rest[^1] == 'a' ? "A" : "B");
                    return [$"{linear}.lora_{side}.weight", $"{linear}.lora_{side}.default.weight", $"{linear}.loras.x.lora_{side}"];
                case "dora":
                    if (rest.EndsWith(".magnitude", StringComparison.Ordinal))
                        return [.. new[] { "", ".default.weight" }.Select(end => $"{rest[..^".weight.magnitude".Length]}.lora_magnitude_vector{end}")];
                    goto case "lora";
                case "ia3":
                    var scaled = rest[..rest.LastIndexOf(".weight.", StringComparison.Ordinal)];
                    return [$"{scaled}.ia3_l", $"{scaled}.ia3_l.default", $"{scaled}.loras.x.lora_B"];
                case "prefix":
                    // an encoder alone calls its prefix the self-attention's
                    return [$".{(parts[1] == "cross" ? "cross" : parts[0] == "encoder" ? "encoder" : "self")}_prefix.control_trans", ".self_prefix.control_trans"];
                default:
                    var (stack, attention) = (parts[0], parts[1] == "after-attention");
                    var end = $"adapters.x.adapter_{(parts[2] == "down" ? "down.0" : "up")}.{parts[3]}";
                    return
                    [
                        $".{stack}.layers.{layer}.{(attention ? "attention" : "output")}_adapters.{end}",
                        $".{stack}.layer.{layer}.{(attention ? "attention.output" : "output")}.{end}",
                        $".{stack}.block.{layer}.layer.{(attention ? 0 : stack == "encoder" ? 1 : 2)}.{end}",
                    ];
            }
        }
    }
}
