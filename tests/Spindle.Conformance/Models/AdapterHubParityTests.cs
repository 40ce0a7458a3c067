using System.Text.Json;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.Compacter;
using Spindle.Models.Tuning.Ia3;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Prefix;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>Strategies stand in every family where AdapterHub puts them: its trained values, in our places, give its logits, loss and gradients.</summary>
public class AdapterHubParityTests
{
    private const string Library = "adapterhub";
    private const double OutputTolerance = 1e-4;
    private const double GradientTolerance = 1e-3;

    public static TheoryData<string> Cases() => [.. SharedFiles.FixtureNames(Library).DefaultIfEmpty("absent")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trained_values_of_the_reference_give_its_logits_loss_and_gradients(string name)
    {
        var model = FixtureModel.Folder(name.Split("--")[0]);
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(model, new() { Layers = LayerNumbering.Sequential });
        using var inputs = SafetensorsFile.Open(Path.Combine(model, "expected.safetensors"));
        using var expected = SafetensorsFile.Open(SharedFiles.Fixture(Library, name, "expected.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture(Library, name, "expected.json")));
        using var random = new InitialValues(0);
        var config = json.RootElement.GetProperty("config");
        Method[] methods = [.. (config.TryGetProperty("configs", out var parts) ? parts.EnumerateArray() : Enumerable.Repeat(config, 1)).Select(part => Method.Of(part, backbone))];
        var attachments = new List<Attachment>();
        var blocks = backbone.Layers.SelectMany(layer => layer.Blocks).ToArray();
        foreach (var (index, block) in blocks.Index())
        {
            var within = blocks.Take(index).Count(other => other.Stack == block.Stack);
            // a number may begin with a zero, which keeps the names of the stacks apart
            var number = block.Stack == "decoder" ? $"0{within}" : $"{within}";
            foreach (var method in methods.Where(method => !method.LeftOut.Contains(index)))
                attachments.Add(method.Strategy.Attach(new(new Layer([block]), $"{number}.{method.Kind}", method.Size, random)));
        }
        var labels = inputs.Read("labels");
        var head = labels.dim() == 1 ? backbone.MakeJointHead((int)expected.Tensors["logits"].Shape[1], random) : null;

        using var buffer = new ParameterBuffer([.. attachments.SelectMany(attachment => attachment.Parameters), .. head?.Parameters ?? []], CPU);
        var reference = new Reference(expected);
        using (no_grad())
            foreach (var parameter in buffer.Parameters) parameter.Value.copy_(reference.Part("parameter.", parameter).Part);

        var batch = new TokenBatch(inputs.Read("input_ids"), inputs.Read("attention_mask"), null);
        var logits = head?.Logits(backbone, new(batch, null)) ?? Write((ISequenceToSequence)backbone, batch, labels);
        AssertNear(expected.Read("logits"), logits, OutputTolerance, "logits");
        var loss = head is null ? nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: -100) : nn.functional.cross_entropy(logits, labels);
        AssertNear(expected.Read("loss").squeeze(), loss, OutputTolerance, "loss");
        loss.backward();
        using var noGrad = no_grad();
        // what the reference shares over layers adds up
        foreach (var parameter in buffer.Parameters) reference.Part("sum.", parameter).Part.add_(parameter.Value.grad!);
        Assert.NotEmpty(reference.Sums);
        foreach (var (key, sum) in reference.Sums)
        {
            var wanted = expected.Read($"grad.{key}");
            AssertNear(wanted, sum, Math.Max(1e-7, GradientTolerance * wanted.abs().max().ToDouble()), $"gradient of {key}");
        }
        Assert.Equal(expected.Tensors.Keys.Where(key => key.StartsWith("parameter.", StringComparison.Ordinal)).Select(key => key["parameter.".Length..]).Order(StringComparer.Ordinal),
            reference.Sums.Keys.Order(StringComparer.Ordinal));
        foreach (var attachment in attachments) attachment.Dispose();
    }

    private static Tensor Write(ISequenceToSequence backbone, TokenBatch batch, Tensor labels) =>
        backbone.LanguageLogits(backbone.Decode(backbone.Tokens.ShiftRight(labels), backbone.EncodeSource(batch)[^1], batch.Mask)[^1]);

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(", ", actual.shape)}] for [{string.Join(", ", expected.shape)}]");
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= tolerance, $"{what}: off by {difference:G3}, where {tolerance:G3} is allowed");
    }

    // one configuration of the reference as our strategy of a size
    private sealed record Method(string Kind, ITuningStrategy Strategy, int Size, IReadOnlyList<int> LeftOut)
    {
        public static Method Of(JsonElement config, IBackbone backbone)
        {
            var (kind, strategy, size) = config.TryGetProperty("architecture", out var architecture) && architecture.ValueKind == JsonValueKind.String
                ? architecture.GetString() switch
                {
                    "prefix_tuning" => ("prefix", (ITuningStrategy)new PrefixStrategy(new()
                    {
                        Places = Attentions(config, backbone),
                        Network = config.GetProperty("flat").GetBoolean() ? null : config.GetProperty("bottleneck_size").GetInt32(),
                        Gated = config.GetProperty("use_gating").GetBoolean(),
                        Positions = backbone is ISequenceToSequence ? PrefixPositions.Aligned : PrefixPositions.None,
                    }), config.GetProperty("prefix_length").GetInt32()),
                    // (IA)³ is to the reference LoRA of rank 1 that scales
                    "lora" when config.GetProperty("composition_mode").GetString() == "scale" =>
                        ("ia3", new Ia3Strategy(new() { Outputs = Linears(config), Inputs = [] }), 1),
                    // behind a gate the reference leaves out the scale
                    "lora" when config.GetProperty("use_gating").GetBoolean() =>
                        ("lora", new LoraStrategy(new() { Places = Linears(config), Alpha = config.GetProperty("r").GetInt32(), Gated = true }), config.GetProperty("r").GetInt32()),
                    "lora" => ("lora", new LoraStrategy(new() { Places = Linears(config), Alpha = config.GetProperty("alpha").GetDouble() }), config.GetProperty("r").GetInt32()),
                    var other => throw new NotSupportedException($"no strategy for architecture '{other}'"),
                }
                : Bottleneck(config, (int)Math.Floor(backbone.HiddenSize / config.GetProperty("reduction_factor").GetDouble()));
            return new(kind, strategy, size, [.. config.TryGetProperty("leave_out", out var left) ? left.EnumerateArray().Select(layer => layer.GetInt32()) : []]);
        }

        // an encoder alone has a prefix whatever is said of encoders
        private static IReadOnlyList<AttentionPlace> Attentions(JsonElement config, IBackbone backbone)
        {
            var places = new List<AttentionPlace> { AttentionPlace.DecoderSelf };
            if (backbone is not ISequenceToSequence || config.GetProperty("encoder_prefix").GetBoolean()) places.Add(AttentionPlace.EncoderSelf);
            if (config.GetProperty("cross_prefix").GetBoolean()) places.Add(AttentionPlace.DecoderCross);
            return places;
        }

        private static IReadOnlyList<LinearPlace> Linears(JsonElement config)
        {
            var places = new List<LinearPlace>();
            if (config.GetProperty("selfattn_lora").GetBoolean())
                foreach (var matrix in config.GetProperty("attn_matrices").EnumerateArray())
                    places.AddRange(matrix.GetString() switch
                    {
                        "q" => [LinearPlace.AttentionQuery, LinearPlace.CrossAttentionQuery],
                        "k" => [LinearPlace.AttentionKey, LinearPlace.CrossAttentionKey],
                        "v" => [LinearPlace.AttentionValue, LinearPlace.CrossAttentionValue],
                        var other => throw new NotSupportedException($"no place for attention matrix '{other}'"),
                    });
            if (config.GetProperty("intermediate_lora").GetBoolean()) places.Add(LinearPlace.FeedForwardIn);
            if (config.GetProperty("output_lora").GetBoolean()) places.Add(LinearPlace.FeedForwardOut);
            return places;
        }

        private static (string, ITuningStrategy, int) Bottleneck(JsonElement config, int width)
        {
            var placement = config.GetProperty("is_parallel").GetBoolean() ? AdapterPlacement.Parallel
                : config.GetProperty("mh_adapter").GetBoolean() ? AdapterPlacement.Houlsby
                : AdapterPlacement.Pfeiffer;
            var (activation, scaling) = (Enum.Parse<AdapterActivation>(config.GetProperty("non_linearity").GetString()!, ignoreCase: true), config.GetProperty("scaling").GetDouble());
            if (!config.GetProperty("phm_layer").GetBoolean())
                return ("adapter", new AdapterStrategy(new() { Placement = placement, Activation = activation, Scaling = scaling, Gated = config.GetProperty("use_gating").GetBoolean() }), width);
            var dimension = config.GetProperty("phm_dim").GetInt32();
            return ("compacter", new CompacterStrategy(new()
            {
                Placement = placement,
                Activation = activation,
                Scaling = scaling,
                Dimension = dimension,
                Rank = config.GetProperty("phm_rank").GetInt32(),
            }), width / dimension);
        }
    }

    // the reference's tensors, and the part of each that is one of our parameters
    private sealed class Reference(SafetensorsFile file)
    {
        private readonly Dictionary<string, Tensor> read = new(StringComparer.Ordinal);

        public Dictionary<string, Tensor> Sums { get; } = new(StringComparer.Ordinal);

        public (string Key, Tensor Part) Part(string start, TrainedParameter ours)
        {
            var parts = ours.Name.Split('.', 3);
            var isHead = !int.TryParse(parts[0], out var layer);
            var (endings, view) = isHead ? ([$".{ours.Name}"], tensor => tensor) : Place(layer, parts[1], parts[2], ours);
            var key = endings.Select(end => file.Tensors.Keys.SingleOrDefault(key => key.StartsWith("parameter.", StringComparison.Ordinal) && $".{key}".EndsWith(end, StringComparison.Ordinal)))
                .FirstOrDefault(found => found is not null)?["parameter.".Length..] ?? throw new InvalidOperationException($"the reference has nothing for {ours.Name}");
            var tensors = start == "sum." ? Sums : read;
            if (!tensors.TryGetValue(key, out var whole))
                tensors.Add(key, whole = start == "sum." ? zeros_like(file.Read($"parameter.{key}")) : file.Read($"{start}{key}"));
            return (key, view(whole));
        }

        // what the reference's name may end with, the first to be tried first, and the part of the tensor
        private static (string[] Endings, Func<Tensor, Tensor> View) Place(int layer, string strategy, string rest, TrainedParameter ours)
        {
            var parts = rest.Split('.');
            Func<Tensor, Tensor> all = tensor => tensor;
            switch (strategy)
            {
                case "lora" when rest.Contains(".gate.", StringComparison.Ordinal):
                    return ([$"{rest[..rest.IndexOf(".weight.gate.", StringComparison.Ordinal)]}.loras.x.gate.{parts[^1]}"], all);
                case "lora":
                    return ([$"{rest[..^".weight.a".Length]}.loras.x.lora_{(rest[^1] == 'a' ? "A" : "B")}"], all);
                case "ia3":
                    // a vector of scales is kept as a column
                    return ([$"{rest[..rest.LastIndexOf(".weight.", StringComparison.Ordinal)]}.loras.x.lora_B"], tensor => tensor.view(-1));
                case "prefix":
                    return Prefix(layer, parts, ours);
                case "compacter" when rest == "rules":
                    return ([".shared_parameters.x.phm_rule"], all);
                default:
                    var (stack, attention) = (parts[0], parts[1] == "after-attention");
                    var value = strategy == "adapter" ? parts[^1] : parts[^1] switch { "left" => "W_left", "right" => "W_right", _ => "b" };
                    var end = $"adapters.x.{parts[2] switch { "down" => "adapter_down.0", "up" => "adapter_up", _ => parts[2] }}.{value}";
                    return ([
                        $".{stack}.layers.{layer}.{(attention ? "attention" : "output")}_adapters.{end}",
                        $".{stack}.layer.{layer}.{(attention ? "attention.output" : "output")}.{end}",
                        $".{stack}.block.{layer}.layer.{(attention ? 0 : stack == "encoder" ? 1 : 2)}.{end}",
                    ], all);
            }
        }

        private static (string[], Func<Tensor, Tensor>) Prefix(int layer, string[] parts, TrainedParameter ours)
        {
            var (stack, cross, value) = (parts[0], parts[1] == "cross", string.Join('.', parts[2..]));
            if (parts[2] == "gate")
            {
                var gate = $"prefix_tuning.prefix_gates.x.{parts[^1]}";
                return ([
                    $".{stack}.layers.{layer}.{(cross ? "encoder_attn" : "self_attn")}.{gate}",
                    $".{stack}.layer.{layer}.attention.self.{gate}",
                    $".{stack}.block.{layer}.layer.{(cross ? "1.EncDecAttention" : "0.SelfAttention")}.{gate}",
                ], tensor => tensor);
            }
            // an encoder alone calls its prefix the self-attention's
            string[] places = [$".{(cross ? "cross" : stack == "encoder" ? "encoder" : "self")}_prefix", ".self_prefix"];
            var (length, width) = (ours.Shape[0], ours.Shape[^1]);
            return value switch
            {
                // length, then key and value of each layer, then heads
                "key" or "value" => (Named("control_trans"), tensor => tensor.view(length, -1, width).select(1, 2 * layer + (value == "key" ? 0 : 1))),
                "embedding" => (Named("wte.weight"), tensor => tensor),
                "network.in.weight" => (Named("control_trans.0.weight"), tensor => tensor),
                "network.in.bias" => (Named("control_trans.0.bias"), tensor => tensor),
                _ => (Named($"control_trans.2.{parts[^1]}"), tensor => tensor.narrow(0, layer * length, length)),
            };

            string[] Named(string end) => [.. places.Select(place => $"{place}.{end}")];
        }
    }
}
