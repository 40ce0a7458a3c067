using Spindle.Designs.Shapes;
using Spindle.Models.Peft;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.BitFit;

/// <summary>The biases that HF peft trained beside LoRA: all of the model's, or those of the modules with LoRA. They become BitFit in the same layers.</summary>
internal static class PeftBiases
{
    /// <summary>The kind of strategy that the biases become.</summary>
    public const string Kind = "bitfit";

    private const string Bias = "bias", InBase = "base_layer.bias";

    /// <summary>Reads the biases of every layer, and takes their tensors.</summary>
    /// <param name="source">The folder, over a backbone.</param>
    /// <param name="tuned">The modules with LoRA.</param>
    public static IReadOnlyList<LayerPart> Read(PeftSource source, IReadOnlySet<string> tuned)
    {
        var bias = source.Config.Bias;
        if (bias == PeftConfig.NoBias) return [];
        // never trained, but its name holds the word
        foreach (var buffer in source.Backbone.Family.OutputBuffers) source.Pass($"base_model.model.{buffer}");
        return bias == PeftConfig.AllBiases ? [.. All(source)] : [.. OfTuned(source, tuned)];
    }

    /// <summary>Writes the biases that were trained beside LoRA: as those of the modules with LoRA if they are just these, else as all of the model's, of which those that were not
    /// trained have the backbone's values.</summary>
    /// <param name="biases">The parts of BitFit.</param>
    /// <param name="tuned">The modules with LoRA.</param>
    /// <param name="target">The folder to be written.</param>
    /// <exception cref="InvalidDataException">A bias is trained that the backbone does not have.</exception>
    public static void Write(IReadOnlyList<LayerPart> biases, IReadOnlySet<string> tuned, PeftTarget target)
    {
        var blocks = target.Backbone.Layers.SelectMany(layer => layer.Blocks).ToArray();
        WeightSlot[] slots = [.. blocks.SelectMany(block => block.LinearsAndPooler.Select(linear => linear.Bias).Concat(block.NormsAt(Enum.GetValues<NormPlace>()).Select(norm => norm.Bias))).OfType<WeightSlot>()];
        var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var part in biases)
            foreach (var (name, value) in part.Values)
            {
                if (!slots.Any(slot => slot.Name == name)) throw target.Unsupported($"layer {part.Layer + 1} has {Kind} for {name}, which the backbone does not have");
                if (!values.TryAdd(name, value)) throw target.Unsupported($"layer {part.Layer + 1} trains {name} twice");
            }
        var isOfTuned = values.Keys.ToHashSet().SetEquals(slots.Where(slot => tuned.Contains(ModuleOf(slot))).Select(slot => slot.Name));
        foreach (var slot in slots.Where(slot => !isOfTuned || values.ContainsKey(slot.Name)))
            target.Add(ModuleOf(slot), tuned.Contains(ModuleOf(slot)) ? InBase : Bias, values.GetValueOrDefault(slot.Name) ?? slot.Frozen.to(ScalarType.Float32).cpu());
        target.Set("bias", isOfTuned ? PeftConfig.TunedBiases : PeftConfig.AllBiases);
    }

    private static string ModuleOf(WeightSlot bias) => bias.Name[..^(Bias.Length + 1)];

    private static IEnumerable<LayerPart> All(PeftSource source)
    {
        var options = new BitFitOptions { Places = BitFitPlaces.AllAndOutside };
        foreach (var (index, layer) in source.Backbone.Layers.Index())
        {
            var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var module in source.Modules.Where(module => module.Layer == index)) Take(source, module, values);
            foreach (var norm in layer.Blocks.SelectMany(block => block.NormsAt(Enum.GetValues<NormPlace>())))
                if (norm.Bias is { } shift && source.Take(source.TensorOf(ModuleOf(shift), Bias), norm.Shape.Size) is { } value) values.Add(shift.Name, value);
            if (values.Count > 0) yield return new(index, options, 1, values) { Kind = Kind };
        }
    }

    // newer versions of peft train these biases without storing any
    private static IEnumerable<LayerPart> OfTuned(PeftSource source, IReadOnlySet<string> tuned)
    {
        BackboneModule[] modules = [.. source.Modules.Where(module => module.Linear.Bias is not null && tuned.Contains(module.Name))];
        if (!modules.Any(module => NameIn(source, module) is not null)) yield break;
        foreach (var layer in modules.GroupBy(module => module.Layer))
        {
            var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var module in layer) Take(source, module, values);
            LinearPlace[] places = [.. layer.Select(module => module.Linear.Place).Distinct().Order()];
            yield return new(layer.Key, new BitFitOptions { Linears = places }, 1, values) { Kind = Kind };
        }
    }

    private static void Take(PeftSource source, BackboneModule module, Dictionary<string, Tensor> values)
    {
        if (module.Linear.Bias is { } bias && source.Take(NameIn(source, module) ?? source.TensorOf(module, Bias), module.Linear.Shape.OutputSize) is { } value) values.Add(bias.Name, value);
    }

    // a module with LoRA wraps the one that it changes
    private static string? NameIn(PeftSource source, BackboneModule module) =>
        ((string[])[InBase, Bias]).Select(part => source.TensorOf(module, part)).FirstOrDefault(name => source.ShapeOf(name) is not null);
}
