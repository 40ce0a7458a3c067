using Spindle.Models.Peft;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Ia3;

/// <summary>(IA)³ in a folder of HF peft: a column of scales for a map with a scaled output, a row for one with a scaled input.</summary>
internal sealed class Ia3PeftForm : IPeftForm
{
    private const string Method = "IA3", Scales = "ia3_l", Output = ".weight.output", Input = ".weight.input";

    public string Kind => "ia3";

    public Type Options => typeof(Ia3Options);

    public bool Reads(PeftConfig config) => config.PeftType == Method;

    public IReadOnlyList<LayerPart> Read(PeftSource source)
    {
        var feedForward = ModuleMatch.Read(source.Config.Keys, "feedforward_modules");
        var parts = new List<LayerPart>();
        foreach (var layer in source.Modules.GroupBy(module => module.Layer))
        {
            var sides = layer.Select(module => (module, !source.IsTuned(module, Scales) ? null : IsInput(module) ? Input : Output));
            var byPlaces = source.ByPlaces<string>(sides).ToArray();
            if (byPlaces.Length == 0) continue;
            var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var (side, _, modules) in byPlaces)
                foreach (var module in modules)
                {
                    long[] shape = side == Input ? [1, module.Linear.Shape.InputSize] : [module.Linear.Shape.OutputSize, 1];
                    if (source.Take(source.TensorOf(module, Scales), shape) is { } value) values.Add(module.Name + side, value.view(-1));
                }
            var places = byPlaces.ToDictionary(group => group.Key, group => group.Places);
            parts.Add(new(layer.Key, new Ia3Options { Outputs = places.GetValueOrDefault(Output) ?? [], Inputs = places.GetValueOrDefault(Input) ?? [] }, 1, values));
        }
        return parts;

        // the shape shows rows and columns; the names decide only for a map with one input and one output
        bool IsInput(BackboneModule module) =>
            source.ShapeOf(source.TensorOf(module, Scales)) is [var rows, var columns] && rows != columns ? rows == 1 : feedForward?.Matches(source.FullName(module)) == true;
    }

    public void Write(IReadOnlyList<LayerPart> parts, PeftTarget target)
    {
        var (targets, inputs) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var part in parts)
            foreach (var (name, value) in part.Values)
            {
                var isInput = name.EndsWith(Input, StringComparison.Ordinal);
                var module = name[..^(isInput ? Input : Output).Length];
                if (!targets.Add(target.FullName(module))) throw target.Unsupported($"layer {part.Layer + 1} scales {module} twice, by ia3");
                if (isInput) inputs.Add(target.FullName(module));
                target.Add(module, Scales, isInput ? value.unsqueeze(0) : value.unsqueeze(1));
            }
        target.Set("peft_type", Method);
        target.Set("target_modules", targets);
        target.Set("feedforward_modules", inputs);
        target.Set("fan_in_fan_out", false);
        target.Set("init_ia3_weights", true);
        target.Set("exclude_modules", null);
    }
}
