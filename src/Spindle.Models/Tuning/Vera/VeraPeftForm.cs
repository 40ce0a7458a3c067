using Spindle.Models.Peft;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Vera;

/// <summary>VeRA in a folder of HF peft: two vectors per linear map, and one pair of frozen random matrices for all maps, whose first columns and rows each map takes.</summary>
internal sealed class VeraPeftForm : IPeftForm
{
    private const string Method = "VERA", Inner = "vera_lambda_d", Outer = "vera_lambda_b", Down = "base_model.vera_A", Up = "base_model.vera_B", Weight = ".weight";
    private const int LargestRank = 1 << 16;

    public string Kind => "vera";

    public Type Options => typeof(VeraOptions);

    public bool Reads(PeftConfig config) => config.PeftType == Method;

    public IReadOnlyList<LayerPart> Read(PeftSource source)
    {
        var keys = source.Config.Keys;
        var rank = keys.Whole("r", 256, 1, LargestRank);
        BackboneModule[] modules = [.. source.Modules.Where(module => source.IsTuned(module, Outer))];
        if (modules.Length == 0) return [];
        var (inputs, outputs) = (modules.Max(module => module.Linear.Shape.InputSize), modules.Max(module => module.Linear.Shape.OutputSize));
        if (Projections(source, rank, inputs, outputs) is not var (down, up)) return [];
        var options = new VeraOptions { Initial = keys.Number("d_initial", 0.1), Dropout = keys.Probability("vera_dropout", 0), StoredProjections = true };

        var parts = new List<LayerPart>();
        foreach (var layer in source.Modules.GroupBy(module => module.Layer))
            foreach (var (_, places, tuned) in source.ByPlaces<string>(layer.Select(module => (module, modules.Contains(module) ? Method : null))))
            {
                var values = new Dictionary<string, Tensor>(StringComparer.Ordinal)
                {
                    [VeraStrategy.DownName] = down.narrow(1, 0, tuned.Max(module => module.Linear.Shape.InputSize)).clone(),
                    [VeraStrategy.UpName] = up.narrow(0, 0, tuned.Max(module => module.Linear.Shape.OutputSize)).clone(),
                };
                foreach (var module in tuned)
                {
                    Take(module, Inner, "d", rank);
                    Take(module, Outer, "b", module.Linear.Shape.OutputSize);
                }
                parts.Add(new(layer.Key, options with { Places = places }, rank, values) { Constants = [VeraStrategy.DownName, VeraStrategy.UpName] });

                void Take(BackboneModule module, string part, string ours, int size)
                {
                    if (source.Take(source.TensorOf(module, part), size) is { } value) values.Add($"{module.Name}{Weight}.{ours}", value);
                }
            }
        return parts;
    }

    public void Write(IReadOnlyList<LayerPart> parts, PeftTarget target)
    {
        var targets = new SortedSet<string>(StringComparer.Ordinal);
        var (rank, first) = (parts[0].Size, (VeraOptions)parts[0].Options);
        Tensor? down = null, up = null;
        foreach (var part in parts)
        {
            var options = (VeraOptions)part.Options;
            if (part.Size != rank)
                throw target.Unsupported($"the VeRA of layer {part.Layer + 1} has rank {part.Size} and the one of layer {parts[0].Layer + 1} has rank {rank}; peft has one rank for all; train with '{{vera: {{equal-ranks: true}}}}'");
            foreach (var (name, value) in part.Values.Where(value => value.Key.EndsWith($"{Weight}.d", StringComparison.Ordinal)))
            {
                var module = name[..^$"{Weight}.d".Length];
                if (!targets.Add(target.FullName(module))) throw target.Unsupported($"layer {part.Layer + 1} has two VeRAs on {module}");
                target.Add(module, Inner, value);
                target.Add(module, Outer, part.Values[$"{module}{Weight}.b"]);
                var shape = target.Modules[module].Linear.Shape;
                down = Joined(down, part.Values.GetValueOrDefault(VeraStrategy.DownName)?.narrow(1, 0, shape.InputSize) ?? VeraStrategy.Draw(options.Seed, rank, shape.InputSize), 1, part.Layer, module);
                up = Joined(up, part.Values.GetValueOrDefault(VeraStrategy.UpName)?.narrow(0, 0, shape.OutputSize) ?? VeraStrategy.Draw(options.Seed, shape.OutputSize, rank), 0, part.Layer, module);
            }
        }
        target.Add(Down, down!.contiguous());
        target.Add(Up, up!.contiguous());
        target.Set("peft_type", Method);
        target.Set("target_modules", targets);
        target.Set("r", rank);
        target.Set("projection_prng_key", first.Seed);
        target.Set("save_projection", true);
        target.Set("d_initial", first.Initial);
        target.Set("vera_dropout", first.Dropout);
        target.Set("bias", PeftConfig.NoBias);
        target.Set("fan_in_fan_out", false);
        target.Set("init_weights", true);
        foreach (var key in (string[])["exclude_modules", "layers_to_transform", "layers_pattern"]) target.Set(key, null);

        // the larger of two matrices, of which the smaller one is the beginning
        Tensor Joined(Tensor? known, Tensor own, int side, int layer, string module)
        {
            if (known is null) return own;
            var common = Math.Min(known.shape[side], own.shape[side]);
            if (!known.narrow(side, 0, common).eq(own.narrow(side, 0, common)).all().ToBoolean())
                throw target.Unsupported($"the VeRA of layer {layer + 1} reads {module} through another random matrix; peft has one for all modules; train it on maps of one size, with one seed");
            return own.shape[side] > known.shape[side] ? own : known;
        }
    }

    // those of the file, or those that peft draws again from its key
    private static (Tensor Down, Tensor Up)? Projections(PeftSource source, int rank, int inputs, int outputs)
    {
        if (source.ShapeOf(Down) is null && source.ShapeOf(Up) is null && !source.Config.Keys.Flag("save_projection", true))
        {
            using var generator = new Generator((ulong)source.Config.Keys.Whole("projection_prng_key", 0, 0, int.MaxValue), CPU);
            return (Drawn(rank, inputs), Drawn(outputs, rank));

            Tensor Drawn(int rows, int columns)
            {
                var bound = Math.Sqrt(3.0) * Math.Sqrt(2.0) / Math.Sqrt(columns);
                return empty(rows, columns).uniform_(-bound, bound, generator);
            }
        }
        return source.Take(Down, rank, inputs) is { } down && source.Take(Up, outputs, rank) is { } up ? (down, up) : null;
    }
}
