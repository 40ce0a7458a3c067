using System.Text.Json;
using Spindle.Designs.Shapes;
using static TorchSharp.torch;

namespace Spindle.Models.Peft;

/// <summary>The format that LoRA and DoRA share in folders of HF peft: the method <c>LORA</c>, two factors per linear map, and ranks and scales by patterns.</summary>
/// <typeparam name="TOptions">The kind's options.</typeparam>
/// <param name="kind">The name of the kind of strategy.</param>
/// <param name="decomposed">Whether <c>use_dora</c> is on.</param>
internal abstract class LowRankPeftForm<TOptions>(string kind, bool decomposed) : IPeftForm
    where TOptions : class
{
    private const string Method = "LORA", Down = "lora_A.weight", Up = "lora_B.weight", Magnitude = "lora_magnitude_vector", Weight = ".weight";
    private const int LargestRank = 1 << 20;

    // the other methods also change the backbone's weights
    private static readonly string[] PlainStarts = ["gaussian", "orthogonal", "eva"];

    public string Kind => kind;

    public Type Options => typeof(TOptions);

    public string? BesideBiases => $"{Weight}.a";

    public bool Reads(PeftConfig config) => config.PeftType == Method && config.Keys.Flag("use_dora", false) == decomposed;

    public IReadOnlyList<LayerPart> Read(PeftSource source)
    {
        var keys = source.Config.Keys;
        if (keys.Find("init_lora_weights") is { ValueKind: JsonValueKind.String } start && !PlainStarts.Contains(start.GetString()))
            throw keys.Unsupported("init_lora_weights", start.GetString()!.Length < 40 ? start.GetString()! : "…", $"true, false, {string.Join(", ", PlainStarts)}; other methods also change the backbone's weights");
        var (rank, alpha) = (keys.Whole("r", 8, 1, LargestRank), keys.Number("lora_alpha", 8));
        var (ranks, alphas) = (ModuleNumbers.Read(keys, "rank_pattern"), ModuleNumbers.Read(keys, "alpha_pattern"));
        var (stabilized, dropout) = (keys.Flag("use_rslora", false), keys.Probability("lora_dropout", 0));

        var parts = new List<(int Layer, IReadOnlyList<LinearPlace> Places, Scale Scale, Dictionary<string, Tensor> Values)>();
        foreach (var layer in source.Modules.GroupBy(module => module.Layer))
        {
            var scaled = layer.Select(module => (module, source.IsTuned(module, Down) ? Scaled(source.FullName(module)) : null));
            foreach (var (scale, places, modules) in source.ByPlaces<Scale>(scaled))
            {
                if (scale.Alpha <= 0) throw keys.Wrong("lora_alpha", "and the numbers of 'alpha_pattern' must be above 0");
                var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
                foreach (var module in modules)
                {
                    var shape = module.Linear.Shape;
                    Take("a", module, Down, scale.Rank, shape.InputSize);
                    Take("b", module, Up, shape.OutputSize, scale.Rank);
                    if (decomposed) Take("magnitude", module, Magnitude, shape.OutputSize);
                }
                parts.Add((layer.Key, places, scale, values));

                void Take(string ours, BackboneModule module, string part, params long[] shape)
                {
                    if (source.Take(source.TensorOf(module, part), shape) is { } value) values.Add($"{module.Name}{Weight}.{ours}", value);
                }
            }
        }
        // with the default alpha everywhere, layers of different ranks have the same options
        var usual = parts.All(part => part.Scale.Alpha == 2.0 * part.Scale.Rank);
        return [.. parts.Select(part => new LayerPart(part.Layer, Make(part.Places, usual ? null : part.Scale.Alpha, stabilized, dropout), part.Scale.Rank, part.Values))];

        Scale Scaled(string module)
        {
            var own = ranks.Find(module) ?? rank;
            if (own is < 1 or > LargestRank || own != Math.Floor(own)) throw keys.Wrong("rank_pattern", $"must map module names to whole numbers from 1 to {LargestRank}");
            return new((int)own, alphas.Find(module) ?? alpha);
        }
    }

    public void Write(IReadOnlyList<LayerPart> parts, PeftTarget target)
    {
        // where some scales divide by √rank and some by the rank, all are written as if they divided by the rank
        var stabilized = parts.All(part => Parts((TOptions)part.Options).Stabilized);
        var modules = new SortedDictionary<string, (int Rank, double Alpha, double Dropout)>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            var (ownAlpha, ownStabilized, dropout) = Parts((TOptions)part.Options);
            var alpha = (ownAlpha ?? 2.0 * part.Size) * (ownStabilized && !stabilized ? Math.Sqrt(part.Size) : 1);
            foreach (var (name, down) in part.Values.Where(value => value.Key.EndsWith($"{Weight}.a", StringComparison.Ordinal)))
            {
                var module = name[..^$"{Weight}.a".Length];
                if (!modules.TryAdd(target.FullName(module), (part.Size, alpha, dropout)))
                    throw target.Unsupported($"layer {part.Layer + 1} has two {kind} strategies on {module}");
                target.Add(module, Down, down);
                target.Add(module, Up, part.Values[$"{module}{Weight}.b"]);
                if (decomposed) target.Add(module, Magnitude, part.Values[$"{module}{Weight}.magnitude"]);
            }
        }

        // the commonest values are the defaults (of equals, those with the smallest rank); modules with other values are listed
        var usual = modules.Values.GroupBy(module => (module.Rank, module.Alpha)).OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Rank).First();
        target.Set("peft_type", Method);
        target.Set("target_modules", modules.Keys);
        target.Set("r", usual.Key.Rank);
        target.Set("lora_alpha", Number(usual.Key.Alpha));
        target.Set("rank_pattern", modules.Where(module => module.Value.Rank != usual.Key.Rank).ToDictionary(module => module.Key, module => (object)module.Value.Rank));
        target.Set("alpha_pattern", modules.Where(module => module.Value.Alpha != usual.Key.Alpha).ToDictionary(module => module.Key, module => Number(module.Value.Alpha)));
        target.Set("lora_dropout", usual.First().Dropout);
        target.Set("use_rslora", stabilized);
        target.Set("use_dora", decomposed);
        target.Set("bias", "none");
        target.Set("fan_in_fan_out", false);
        target.Set("init_lora_weights", true);
        foreach (var key in (string[])["exclude_modules", "layers_to_transform", "layers_pattern"]) target.Set(key, null);
    }

    protected abstract TOptions Make(IReadOnlyList<LinearPlace> places, double? alpha, bool stabilized, double dropout);

    protected abstract (double? Alpha, bool Stabilized, double Dropout) Parts(TOptions options);

    // peft writes integers without a decimal point
    private static object Number(double value) => value == Math.Floor(value) && Math.Abs(value) < LargestRank ? (object)(long)value : value;

    private sealed record Scale(int Rank, double Alpha);
}
