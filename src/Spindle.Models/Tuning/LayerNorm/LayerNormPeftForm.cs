using Spindle.Designs.Shapes;
using Spindle.Models.Peft;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.LayerNorm;

/// <summary>LayerNorm tuning in a folder of HF peft: a copy of each normalisation with its weight and, where it has one, its bias.</summary>
internal sealed class LayerNormPeftForm : IPeftForm
{
    private const string Method = "LN_TUNING", Copy = "ln_tuning_layers.weight", CopyOfBias = "ln_tuning_layers.bias", Weight = ".weight";

    public string Kind => "layer-norm";

    public Type Options => typeof(LayerNormOptions);

    public bool Reads(PeftConfig config) => config.PeftType == Method;

    public IReadOnlyList<LayerPart> Read(PeftSource source)
    {
        var parts = new List<LayerPart>();
        foreach (var (index, layer) in source.Backbone.Layers.Index())
        {
            var (values, places) = (new Dictionary<string, Tensor>(StringComparer.Ordinal), new List<NormPlace>());
            foreach (var place in Enum.GetValues<NormPlace>())
            {
                TunableNorm[] norms = [.. layer.Blocks.SelectMany(block => block.NormsAt([place]))];
                TunableNorm[] tuned = [.. norms.Where(norm => source.IsTuned(NameOf(norm), Copy))];
                if (tuned.Length == 0) continue;
                if (norms.Except(tuned).FirstOrDefault() is { } other) source.Mismatch(NameOf(tuned[0]), NameOf(other));
                places.Add(place);
                foreach (var norm in tuned) Take(norm);
            }
            if (places.Count > 0) parts.Add(new(index, new LayerNormOptions { Places = IsUsual(places, layer) ? null : places }, 1, values));

            void Take(TunableNorm norm)
            {
                if (source.Take(source.TensorOf(NameOf(norm), Copy), norm.Shape.Size) is { } weight) values.Add(norm.Weight.Name, weight);
                if (norm.Bias is { } own && source.Take(source.TensorOf(NameOf(norm), CopyOfBias), norm.Shape.Size) is { } bias) values.Add(own.Name, bias);
            }
        }
        return parts;
    }

    public void Write(IReadOnlyList<LayerPart> parts, PeftTarget target)
    {
        var targets = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in parts)
            foreach (var norm in target.Backbone.Layers[part.Layer].Blocks.SelectMany(block => block.NormsAt(Enum.GetValues<NormPlace>())))
            {
                if (!part.Values.TryGetValue(norm.Weight.Name, out var weight)) continue;
                if (!targets.Add(target.FullName(NameOf(norm)))) throw target.Unsupported($"layer {part.Layer + 1} tunes {NameOf(norm)} twice, by layer-norm");
                target.Add(NameOf(norm), Copy, weight);
                // where only the weight was trained, the copy has the backbone's bias
                if (norm.Bias is { } bias) target.Add(NameOf(norm), CopyOfBias, part.Values.GetValueOrDefault(bias.Name) ?? bias.Frozen.to(ScalarType.Float32).cpu());
            }
        target.Set("peft_type", Method);
        target.Set("target_modules", targets);
        target.Set("exclude_modules", null);
    }

    // every normalisation in the layer's blocks, and none outside
    private static bool IsUsual(List<NormPlace> places, Layer layer) =>
        !places.Contains(NormPlace.Outside) && layer.Blocks.Sum(block => block.NormsAt(places).Count()) == layer.Blocks.Sum(block => block.Norms.Count);

    private static string NameOf(TunableNorm norm) => norm.Weight.Name[..^Weight.Length];
}
