using System.Text.Encodings.Web;
using System.Text.Json;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Peft;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.BitFit;
using Spindle.Yaml;
using static TorchSharp.torch;

namespace Spindle.Models.Interop;

/// <summary>Folders of HF peft: <c>adapter_config.json</c> with <c>adapter_model.safetensors</c>; <c>adapter_model.bin</c> is read too.</summary>
public static class PeftFolder
{
    private const string WeightsFile = "adapter_model.safetensors", ArchiveFile = "adapter_model.bin";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="backbone">The backbone that was tuned; an outline is enough.</param>
    /// <returns>The content. Strategies are named by their kinds; a second strategy of a kind, with other options, gets a number.</returns>
    /// <exception cref="DirectoryNotFoundException">It holds no configuration.</exception>
    /// <exception cref="FileNotFoundException">It holds no weights.</exception>
    /// <exception cref="InvalidDataException">It is damaged, does not fit the backbone, or uses something unsupported.</exception>
    public static TunedContent Read(string folder, IBackbone backbone)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (form, parts, head, uneven) = ReadParts(folder, backbone);
        if (uneven is not null) throw new InvalidDataException($"{folder}: {uneven}; load the backbone with 'layers: sequential'");
        var names = new Dictionary<string, string>(StringComparer.Ordinal); // by options
        var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var layers = new SortedDictionary<int, List<SizedStrategy>>();
        foreach (var part in parts)
        {
            var kind = part.Kind ?? form.Kind;
            var options = StrategyOptions.Write(kind, part.Options);
            if (!names.TryGetValue(options, out var name))
                names.Add(options, name = names.Values.Count(known => known == kind || known.StartsWith($"{kind}-", StringComparison.Ordinal)) is var before and > 0 ? $"{kind}-{before + 1}" : kind);
            foreach (var (suffix, value) in part.Values) values.Add($"layer.{part.Layer}.{name}.{suffix}", value);
            layers.TryAdd(part.Layer, []);
            layers[part.Layer].Add(new(name, part.Size, part.Parameters));
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

    /// <summary>The layer numbering that a folder needs: paired where it tunes both stacks alike.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="paired">The backbone with paired layers; an outline is enough.</param>
    /// <exception cref="InvalidDataException">It is damaged, does not fit the backbone, or uses something unsupported.</exception>
    public static LayerNumbering NumberingFor(string folder, IBackbone paired)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return ReadParts(folder, paired).LayerMismatch is null ? LayerNumbering.Paired : LayerNumbering.Sequential;
    }

    /// <summary>Writes a folder that HF peft loads.</summary>
    /// <param name="folder">The folder; it is created if missing.</param>
    /// <param name="content">The tuned content.</param>
    /// <param name="backbone">The backbone that was tuned.</param>
    /// <param name="baseModel">The name or folder by which HF transformers loads the backbone.</param>
    /// <param name="isMergeable">Whether the model can be a merged checkpoint, which is then named as the other way out.</param>
    /// <exception cref="InvalidDataException">HF peft cannot express the content; the message names the strategy and the layer.</exception>
    public static void Write(string folder, TunedContent content, IBackbone backbone, string baseModel, bool isMergeable = true)
    {
        var known = content.Head.Count > 0 ? backbone.Family.ClassifierClass(backbone) : backbone.Family.BaseClass;
        var target = new PeftTarget(backbone, known.Prefix, baseModel, isMergeable);
        var (form, parts, biases) = Divide(content, target);
        if (parts.FirstOrDefault(part => part.Values.Keys.Any(name => name.Contains(".gate.", StringComparison.Ordinal))) is { } gated)
            throw target.Unsupported($"the {form.Kind} of layer {gated.Layer + 1} has gates, which peft does not have");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        target.Set("base_model_name_or_path", baseModel);
        target.Set("task_type", known.PeftTask);
        target.Set("inference_mode", true);
        target.Set("auto_mapping", null);
        target.Set("revision", null);
        target.Set("modules_to_save", content.Head.Count == 0 ? null : content.Head.Keys.Select(name => name.Split('.')[0]).Distinct().ToArray());
        form.Write(parts, target);
        if (biases.Count > 0) PeftBiases.Write(biases, TunedModules(form, parts), target);
        foreach (var (name, value) in content.Head) target.Add(target.HeadPrefix + name, value);

        SafetensorsWriter.Write(
            Path.Combine(folder, WeightsFile),
            [.. target.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)],
            new Dictionary<string, string> { ["format"] = "pt" });
        AtomicFile.WriteText(Path.Combine(folder, PeftConfig.FileName), JsonSerializer.Serialize(target.Config, Json) + "\n");
    }

    // the tensors belong to the caller's dispose scope
    private static (IPeftForm Form, IReadOnlyList<LayerPart> Parts, Dictionary<string, Tensor> Head, string? LayerMismatch) ReadParts(string folder, IBackbone backbone)
    {
        var config = PeftConfig.Read(folder);
        var form = PeftForms.All.FirstOrDefault(form => form.Reads(config))
            ?? throw config.Keys.Unsupported("peft_type", config.PeftType, $"the methods of {string.Join(", ", PeftForms.All.Select(known => known.Kind))}");
        using var file = OpenWeights(folder);
        var source = new PeftSource(config, backbone, file);
        var head = source.TakeHead();
        var parts = form.Read(source);
        if (form.BesideBiases is not null) parts = [.. parts, .. PeftBiases.Read(source, TunedModules(form, parts))];
        source.Finish();
        return parts.Count > 0 ? (form, parts, head, source.LayerMismatch) : throw new InvalidDataException($"{folder}: tunes no layer of {backbone.Shape.Name}");
    }

    private static HashSet<string> TunedModules(IPeftForm form, IReadOnlyList<LayerPart> parts) =>
    [
        .. parts.SelectMany(part => part.Values.Keys).Where(name => name.EndsWith(form.BesideBiases!, StringComparison.Ordinal)).Select(name => name[..^form.BesideBiases!.Length]),
    ];

    // the only kind of strategy, with its part of every layer, and the biases beside it
    private static (IPeftForm Form, IReadOnlyList<LayerPart> Parts, IReadOnlyList<LayerPart> Biases) Divide(TunedContent content, PeftTarget target)
    {
        IPeftForm? form = null;
        var (parts, biases) = (new List<LayerPart>(), new List<LayerPart>());
        var hasForm = content.Strategies.Any(strategy => PeftForms.All.Any(known => known.BesideBiases is not null && known.Kind == KindOf(strategy.Key, strategy.Value)));
        foreach (var layer in content.Layers)
            foreach (var strategy in layer.Strategies)
            {
                var keys = YamlSource.Parse(content.Strategies[strategy.Name], strategy.Name).Root.AsMapping();
                var kind = keys.Value("kind")?.AsText() ?? strategy.Name;
                var start = $"layer.{layer.Layer}.{strategy.Name}.";
                var values = content.Values.Where(value => value.Key.StartsWith(start, StringComparison.Ordinal)).ToDictionary(value => value.Key[start.Length..], value => value.Value, StringComparer.Ordinal);
                if (hasForm && kind == PeftBiases.Kind)
                {
                    biases.Add(new(layer.Layer, keys, strategy.Size, values) { Kind = kind });
                    continue;
                }
                var own = PeftForms.All.FirstOrDefault(known => known.Kind == kind)
                    ?? throw target.Unsupported($"layer {layer.Layer + 1} has {(kind == strategy.Name ? kind : $"{strategy.Name}, a kind of {kind}")}, which it does not have as a method");
                form ??= own;
                if (own != form) throw target.Unsupported($"layer {layer.Layer + 1} has {kind} and layer {parts[0].Layer + 1} has {form.Kind}, and a folder holds only one method");
                parts.Add(new(layer.Layer, StrategyOptions.Read(own.Options, keys), strategy.Size, values));
            }
        if (form is { BesideBiases: null } && biases.Count > 0)
            throw target.Unsupported($"layer {biases[0].Layer + 1} has {PeftBiases.Kind} and layer {parts[0].Layer + 1} has {form.Kind}, and a folder holds only one method");
        return form is null ? throw target.Unsupported("no layer is tuned by a strategy") : (form, parts, biases);

        static string KindOf(string name, string options) => YamlSource.Parse(options, name).Root.AsMapping().Value("kind")?.AsText() ?? name;
    }

    private static ITensorFile OpenWeights(string folder)
    {
        if (Path.Combine(folder, WeightsFile) is var path && File.Exists(path)) return SafetensorsFile.Open(path);
        return Path.Combine(folder, ArchiveFile) is var archive && File.Exists(archive)
            ? PytorchFile.Open(archive)
            : throw new FileNotFoundException($"{folder}: has no weights; looked for {WeightsFile} and {ArchiveFile}", path);
    }
}
