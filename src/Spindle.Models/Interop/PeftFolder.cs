using System.Text.Encodings.Web;
using System.Text.Json;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Yaml;
using static TorchSharp.torch;

namespace Spindle.Models.Interop;

/// <summary>Folders of HF peft: <c>adapter_config.json</c> beside <c>adapter_model.safetensors</c>, or, read only, <c>adapter_model.bin</c>.</summary>
public static class PeftFolder
{
    private const string WeightsFile = "adapter_model.safetensors", ArchiveFile = "adapter_model.bin";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="backbone">The backbone that it was tuned over; its outline will do.</param>
    /// <returns>What it holds under our own names. Strategies are named by their kinds; a second one of a kind, with other options, has a number after that.</returns>
    /// <exception cref="DirectoryNotFoundException">It holds no configuration.</exception>
    /// <exception cref="FileNotFoundException">It holds no weights.</exception>
    /// <exception cref="InvalidDataException">It is damaged, does not fit the backbone, or asks for what no strategy does.</exception>
    public static TunedContent Read(string folder, IBackbone backbone)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (form, parts, head, uneven) = ReadParts(folder, backbone);
        if (uneven is not null) throw new InvalidDataException($"{folder}: {uneven}; load the backbone with its layers numbered one after the other ('layers: sequential')");
        var names = new Dictionary<string, string>(StringComparer.Ordinal); // by options
        var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var layers = new SortedDictionary<int, List<SizedStrategy>>();
        foreach (var part in parts)
        {
            var options = StrategyOptions.Write(form.Kind, part.Options);
            if (!names.TryGetValue(options, out var name)) names.Add(options, name = names.Count == 0 ? form.Kind : $"{form.Kind}-{names.Count + 1}");
            foreach (var (suffix, value) in part.Values) values.Add($"layer.{part.Layer}.{name}.{suffix}", value);
            layers.TryAdd(part.Layer, []);
            layers[part.Layer].Add(new(name, part.Size, part.Values.Values.Sum(value => value.numel())));
        }
        return new(
            [.. layers.Select(layer => new LayerTuning(layer.Key, layer.Value))],
            names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal),
            Kept(values),
            Kept(head));

        static Dictionary<string, Tensor> Kept(Dictionary<string, Tensor> tensors)
        {
            foreach (var tensor in tensors.Values) tensor.DetachFromDisposeScope();
            return tensors;
        }
    }

    /// <summary>How a backbone's layers are to be numbered so that a folder can be read: paired where the folder tunes both stacks alike.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="paired">The backbone with its layers paired; its outline will do.</param>
    /// <exception cref="InvalidDataException">It is damaged, does not fit the backbone, or asks for what no strategy does.</exception>
    public static LayerNumbering NumberingFor(string folder, IBackbone paired)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return ReadParts(folder, paired).Uneven is null ? LayerNumbering.Paired : LayerNumbering.Sequential;
    }

    /// <summary>Writes a folder that HF peft loads.</summary>
    /// <param name="folder">The folder; it is made where it is missing.</param>
    /// <param name="content">What was tuned.</param>
    /// <param name="backbone">The backbone that it was tuned over.</param>
    /// <param name="baseModel">The backbone's name or folder, as HF transformers is to load it.</param>
    /// <exception cref="InvalidDataException">HF peft has no words for it; the message says which strategy, and where.</exception>
    public static void Write(string folder, TunedContent content, IBackbone backbone, string baseModel)
    {
        var known = content.Head.Count > 0 ? ModelClass.OfClassifier(backbone) : ModelClass.OfBackbone(backbone);
        var target = new PeftTarget(backbone, known.Prefix, baseModel);
        var (form, parts) = Divide(content, target);
        if (parts.FirstOrDefault(part => part.Values.Keys.Any(name => name.Contains(".gate.", StringComparison.Ordinal))) is { } gated)
            throw target.Beyond($"the {form.Kind} of layer {gated.Layer} is behind gates, which peft has not");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        target.Set("base_model_name_or_path", baseModel);
        target.Set("task_type", known.Task);
        target.Set("inference_mode", true);
        target.Set("auto_mapping", null);
        target.Set("revision", null);
        target.Set("modules_to_save", content.Head.Count == 0 ? null : content.Head.Keys.Select(name => name.Split('.')[0]).Distinct().ToArray());
        form.Write(parts, target);
        foreach (var (name, value) in content.Head) target.Add(target.HeadPrefix + name, value);

        SafetensorsWriter.Write(
            Path.Combine(folder, WeightsFile),
            [.. target.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)],
            new Dictionary<string, string> { ["format"] = "pt" });
        AtomicFile.WriteText(Path.Combine(folder, PeftConfig.FileName), JsonSerializer.Serialize(target.Config, Json) + "\n");
    }

    // the tensors belong to the caller's scope
    private static (IPeftForm Form, IReadOnlyList<LayerPart> Parts, Dictionary<string, Tensor> Head, string? Uneven) ReadParts(string folder, IBackbone backbone)
    {
        var config = PeftConfig.Read(folder);
        var form = PeftForms.All.FirstOrDefault(form => form.Reads(config))
            ?? throw config.Keys.Unsupported("peft_type", config.PeftType, $"the methods of {string.Join(", ", PeftForms.All.Select(known => known.Kind))}");
        using var file = OpenWeights(folder);
        var source = new PeftSource(config, backbone, file);
        var head = source.TakeHead();
        var parts = form.Read(source);
        source.Finish();
        return parts.Count > 0 ? (form, parts, head, source.Uneven) : throw new InvalidDataException($"{folder}: tunes no layer of {backbone.Shape.Name}");
    }

    // one kind of strategy, and every layer's part of it
    private static (IPeftForm Form, IReadOnlyList<LayerPart> Parts) Divide(TunedContent content, PeftTarget target)
    {
        IPeftForm? form = null;
        var parts = new List<LayerPart>();
        foreach (var layer in content.Layers)
            foreach (var strategy in layer.Strategies)
            {
                var keys = YamlSource.Parse(content.Strategies[strategy.Name], strategy.Name).Root.AsMapping();
                var kind = keys.Value("kind")?.AsText() ?? strategy.Name;
                var own = PeftForms.All.FirstOrDefault(known => known.Kind == kind)
                    ?? throw target.Beyond($"layer {layer.Layer} has {(kind == strategy.Name ? kind : $"{strategy.Name}, a kind of {kind}")}, for which it has no method");
                form ??= own;
                if (own != form) throw target.Beyond($"layer {layer.Layer} has {kind} and layer {parts[0].Layer} has {form.Kind}, and a folder holds one method");
                var start = $"layer.{layer.Layer}.{strategy.Name}.";
                parts.Add(new(layer.Layer, StrategyOptions.Read(own.Options, keys), strategy.Size, content.Values
                    .Where(value => value.Key.StartsWith(start, StringComparison.Ordinal)).ToDictionary(value => value.Key[start.Length..], value => value.Value, StringComparer.Ordinal)));
            }
        return form is null ? throw target.Beyond("no layer is tuned by a strategy") : (form, parts);
    }

    private static ITensorFile OpenWeights(string folder)
    {
        if (Path.Combine(folder, WeightsFile) is var path && File.Exists(path)) return SafetensorsFile.Open(path);
        return Path.Combine(folder, ArchiveFile) is var archive && File.Exists(archive)
            ? PytorchFile.Open(archive)
            : throw new FileNotFoundException($"{folder}: holds no weights; looked for {WeightsFile} and {ArchiveFile}", path);
    }
}
