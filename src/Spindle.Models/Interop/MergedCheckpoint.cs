using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Interop;

/// <summary>A tuned model as a plain checkpoint in the Hub's layout, with everything that was tuned merged into the backbone's weights.</summary>
public static class MergedCheckpoint
{
    private const string ConfigurationFile = "config.json", WeightsFile = "model.safetensors", GenerationFile = "generation_config.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a checkpoint that HF transformers loads, in float32.</summary>
    /// <param name="folder">The folder; it is created if missing.</param>
    /// <param name="backboneFolder">The backbone's folder, which supplies configuration and tokenizer.</param>
    /// <param name="backbone">The backbone, loaded in float32.</param>
    /// <param name="model">The tuned model over it.</param>
    /// <param name="labels">The meaning of its head's logits, or null for a model without a head.</param>
    /// <exception cref="InvalidDataException">Something cannot be merged; the message names the strategy and the layer.</exception>
    public static void Write(string folder, string backboneFolder, IBackbone backbone, TunedModel model, ClassifierLabels? labels)
    {
        var family = backbone.Family;
        var modelClass = labels is null ? family.BaseClass : family.ClassifierClass(backbone);
        RequireMergeable(backbone, model, modelClass.Name);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Directory.CreateDirectory(folder);

        var tensors = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var weight in backbone.Weights)
            if (labels is null || !family.OutputWeights.Contains(weight.Name)) tensors[NameOf(weight)] = weight.Current;
        foreach (var linear in LinearsOf(backbone))
        {
            if (linear.Deltas.Count + linear.Inputs.Count == 0) continue;
            var merged = linear.Merge()!;
            tensors[NameOf(linear.Weight)] = merged.Weight;
            if (linear.Bias is { } bias) tensors[NameOf(bias)] = merged.Bias!;
        }
        if (labels is null) CopyOutputBuffers(backboneFolder, family, tensors);
        else
            foreach (var parameter in model.SequenceHead.Parameters) tensors[parameter.Name] = parameter.Value;
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), [.. tensors.Select(tensor => (tensor.Key, tensor.Value))], new Dictionary<string, string> { ["format"] = "pt" });

        foreach (var name in BackboneFiles.OfTokenizer.Append(GenerationFile))
            if (Path.Combine(backboneFolder, name) is var file && File.Exists(file) && (labels is null || name != GenerationFile)) File.Copy(file, Path.Combine(folder, name), overwrite: true);
        AtomicFile.WriteText(Path.Combine(folder, ConfigurationFile), Configuration(backboneFolder, modelClass, labels) + "\n");

        string NameOf(WeightSlot weight) => family.OutputWeights.Contains(weight.Name) ? weight.Name : modelClass.Prefix + weight.Name;
    }

    /// <summary>The number of stored parameters that stay beside the backbone when everything that weights can express is merged into it, without the head's: 0 for LoRA and for
    /// full fine-tuning, all of them for adapters, prefixes and prompts. What a strategy stores in a layer is merged as a whole or not at all.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="model">The tuned model over it; it is suspended and resumed.</param>
    public static long RemainingParameters(IBackbone backbone, TunedModel model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var remaining = 0L;
        foreach (var (attachment, obstacle) in Obstacles(backbone, model, "a plain checkpoint"))
            if (obstacle is not null) remaining += attachment.Stored.Sum(stored => stored.Value().numel());
        return remaining;
    }

    private static IEnumerable<TunableLinear> LinearsOf(IBackbone backbone) => backbone.Layers.SelectMany(layer => layer.Blocks).SelectMany(block => block.LinearsAndPooler);

    /// <summary>Whether a model can be written.</summary>
    /// <param name="backbone">The backbone, loaded in float32.</param>
    /// <param name="model">The tuned model over it.</param>
    /// <param name="hasHead">Whether it is written with its head.</param>
    public static bool IsMergeable(IBackbone backbone, TunedModel model, bool hasHead) =>
        FirstObstacle(backbone, model, (hasHead ? backbone.Family.ClassifierClass(backbone) : backbone.Family.BaseClass).Name) is null;

    private static void RequireMergeable(IBackbone backbone, TunedModel model, string known)
    {
        if (FirstObstacle(backbone, model, known) is { } obstacle)
            throw new InvalidDataException($"{obstacle}, so it cannot be merged; export it in the format 'spindle', or in the format 'hf-peft' if peft has the method");
    }

    private static string? FirstObstacle(IBackbone backbone, TunedModel model, string known)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (attachment, obstacle) in Obstacles(backbone, model, known))
        {
            if (obstacle is null) continue;
            // layer.3.adapter.…; messages count layers from 1
            var name = attachment.Parameters[0].Name.Split('.');
            return $"layer {int.Parse(name[1], CultureInfo.InvariantCulture) + 1}: {name[2]} {obstacle}";
        }

        return null;
    }

    // why each attachment cannot be merged, one at a time so that messages name the right one, or null if it can; the model is attached again before this returns
    private static IReadOnlyList<(Attachment Attachment, string? Obstacle)> Obstacles(IBackbone backbone, TunedModel model, string known)
    {
        var obstacles = new List<(Attachment Attachment, string? Obstacle)>();
        model.Suspend();
        foreach (var attachment in model.Attachments)
        {
            attachment.Resume();
            obstacles.Add((attachment, Obstacle(backbone, known)));
            attachment.Suspend();
        }
        model.Resume();
        return obstacles;
    }

    private static string? Obstacle(IBackbone backbone, string known)
    {
        // merged weights of one attachment at a time: together they are as large as the backbone
        using var scope = NewDisposeScope();
        foreach (var block in backbone.Layers.SelectMany(layer => layer.Blocks))
        {
            if (block.AfterAttentions.Append(block.AfterFeedForward).Any(place => place.Insertions.Count > 0)) return "adds modules beside the backbone's weights";
            if (block.Attentions.Any(attention => attention.Prefixes.Count > 0)) return "adds keys and values, which weights cannot express";
            if (block.Input.Prompts.Count > 0) return "adds vectors before the tokens, which weights cannot express";
            foreach (var linear in block.LinearsAndPooler)
            {
                if (linear.AddedBiases.Count + linear.Deltas.Count + linear.Inputs.Count == 0) continue;
                if (linear.Merge() is not { } merged) return $"changes {linear.Weight.Name} in a way that weights cannot express";
                if (merged.Bias is not null && linear.Bias is null) return $"gives {linear.Weight.Name} a bias, which {known} does not have";
            }
        }
        return null;
    }

    private static void CopyOutputBuffers(string backboneFolder, IBackboneFamily family, SortedDictionary<string, Tensor> tensors)
    {
        if (family.OutputBuffers.Count == 0) return;
        using var file = WeightFiles.Open(backboneFolder);
        foreach (var name in family.OutputBuffers.Where(file.Tensors.ContainsKey)) tensors[name] = file.Read(name, ScalarType.Float32);
    }

    private static string Configuration(string backboneFolder, ModelClass modelClass, ClassifierLabels? labels)
    {
        var keys = JsonNode.Parse(File.ReadAllBytes(Path.Combine(backboneFolder, ConfigurationFile)))!.AsObject();
        keys["architectures"] = new JsonArray(modelClass.Name);
        keys[keys.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = "float32";
        if (labels is not null)
        {
            keys.Remove("num_labels");
            var (names, ids) = (new JsonObject(), new JsonObject());
            foreach (var (id, name) in labels.Names.Index()) (names[id.ToString(CultureInfo.InvariantCulture)], ids[name]) = (name, id);
            (keys["id2label"], keys["label2id"]) = (names, ids);
            keys["problem_type"] = labels.Regression ? "regression" : "single_label_classification";
        }
        return keys.ToJsonString(Json);
    }
}
