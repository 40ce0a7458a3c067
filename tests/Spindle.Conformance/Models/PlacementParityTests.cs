using System.Text.Json;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.Ia3;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Prefix;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>Strategies stand in every family where AdapterHub puts them: its trained values, in our places, give its logits, loss and gradients.</summary>
public class PlacementParityTests
{
    private const string Library = "adapterhub";
    private const double OutputTolerance = 1e-4;
    private const double GradientTolerance = 1e-3;

    // per method of the fixtures: our strategy's name, and the strategy that the reference's own configuration asks for
    private static readonly Dictionary<string, (string Strategy, Func<JsonElement, ITuningStrategy> Make)> Methods = new(StringComparer.Ordinal)
    {
        ["lora"] = ("lora", configuration => new LoraStrategy(new()
        {
            Alpha = configuration.GetProperty("alpha").GetDouble(),
        })),
        ["ia3"] = ("ia3", _ => new Ia3Strategy(new() { Outputs = [.. new Ia3Options().Outputs, LinearPlace.FeedForwardIn], Inputs = [] })),
        ["pfeiffer"] = ("adapter", configuration => Adapter(configuration, AdapterPlacement.Pfeiffer)),
        ["houlsby"] = ("adapter", configuration => Adapter(configuration, AdapterPlacement.Houlsby)),
        ["parallel"] = ("adapter", configuration => Adapter(configuration, AdapterPlacement.Parallel)),
        ["prefix-flat"] = ("prefix", _ => new PrefixStrategy()),
    };

    public static TheoryData<string> Cases()
    {
        var found = new TheoryData<string>();
        var root = Path.Combine(SharedFiles.Fixtures, Library);
        if (Directory.Exists(root))
            foreach (var folder in Directory.EnumerateDirectories(root).Select(folder => Path.GetFileName(folder)!).Order())
                if (Methods.ContainsKey(MethodOf(folder)))
                    found.Add(folder);
        if (found.Count == 0) found.Add("absent");
        return found;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trained_values_of_the_reference_give_its_logits_loss_and_gradients(string name)
    {
        var (kind, make) = Methods[MethodOf(name)];
        var model = SharedFiles.Fixture("models", name.Split("--")[0]);
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(model, new());
        Assert.SkipWhen(kind == "prefix" && backbone is ISequenceToSequence,
            "AdapterHub counts a prefix among the tokens in BART's causal mask and in T5's distances, for which there is no option yet");
        using var inputs = SafetensorsFile.Open(Path.Combine(model, "expected.safetensors"));
        using var expected = SafetensorsFile.Open(SharedFiles.Fixture(Library, name, "expected.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture(Library, name, "expected.json")));
        var strategy = make(json.RootElement.GetProperty("config"));
        var values = new Reference(expected, "parameter.", backbone);
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

    private static Tensor Write(ISequenceToSequence backbone, TokenBatch batch, Tensor labels) =>
        backbone.LanguageLogits(backbone.Decode(backbone.Tokens.ShiftRight(labels), backbone.EncodeSource(batch)[^1], batch.Mask)[^1]);

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
            "lora" => (int)ShapeOf(".lora_A")[0],
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
                return [$".{ours}"];
            var parts = rest.Split('.');
            switch (strategy)
            {
                case "lora":
                    var (linear, side) = (rest[..^".weight.a".Length], rest[^1] == 'a' ? "A" : "B");
                    return [$"{linear}.loras.x.lora_{side}"];
                case "ia3":
                    var scaled = rest[..rest.LastIndexOf(".weight.", StringComparison.Ordinal)];
                    return [$"{scaled}.loras.x.lora_B"];
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
