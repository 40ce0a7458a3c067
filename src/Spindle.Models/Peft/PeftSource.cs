using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using static TorchSharp.torch;

namespace Spindle.Models.Peft;

/// <summary>A folder of HF peft to be read over a backbone.</summary>
public sealed class PeftSource
{
    private const string Root = "base_model.model.";

    private readonly ITensorFile file;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];
    private readonly string prefix;

    internal PeftSource(PeftConfig config, IBackbone backbone, ITensorFile file)
    {
        (Config, Backbone, this.file) = (config, backbone, file);
        config.RequireOnlyHead(backbone.Family.HeadOutput.Split('.')[0]);
        Modules = BackboneModule.Of(backbone);
        // the names of the tensors show which class was tuned
        prefix = new[] { backbone.Family.ClassifierClass(backbone), backbone.Family.BaseClass }.Select(known => known.Prefix)
            .FirstOrDefault(known => known.Length > 0 && file.Tensors.Keys.Any(name => name.StartsWith(Root + known, StringComparison.Ordinal))) ?? "";
    }

    /// <summary>The configuration.</summary>
    public PeftConfig Config { get; }

    /// <summary>The backbone.</summary>
    public IBackbone Backbone { get; }

    /// <summary>The linear maps of its layers.</summary>
    public IReadOnlyList<BackboneModule> Modules { get; }

    /// <summary>The full name of a module, which the configuration's patterns match.</summary>
    public string FullName(BackboneModule module) => prefix + module.Name;

    /// <summary>The name of a module's tensor in the file.</summary>
    /// <param name="module">The module's name without a class's prefix.</param>
    /// <param name="part">The part of the module (<c>ln_tuning_layers.weight</c>).</param>
    public string TensorOf(string module, string part) => $"{Root}{prefix}{module}.{part}";

    /// <summary>Whether a module is tuned: it is a target or, where the configuration names no targets, its tensor is present.</summary>
    /// <param name="module">The module's name without a class's prefix.</param>
    /// <param name="part">The tensor that every tuned module has.</param>
    public bool IsTuned(string module, string part) => Config.IsTarget(prefix + module) ?? ShapeOf(TensorOf(module, part)) is not null;

    /// <summary>The name of a module's tensor in the file.</summary>
    /// <param name="module">The module.</param>
    /// <param name="part">The part of the module (<c>lora_A.weight</c>).</param>
    public string TensorOf(BackboneModule module, string part) => TensorOf(module.Name, part);

    /// <summary>Whether a module is tuned: it is a target or, where the configuration names no targets, its tensor is present.</summary>
    /// <param name="module">The module.</param>
    /// <param name="part">The tensor that every tuned module has.</param>
    public bool IsTuned(BackboneModule module, string part) => IsTuned(module.Name, part);

    /// <summary>The shape of a tensor, or null where there is none of that name.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) => file.Tensors.TryGetValue(name, out var entry) ? entry.Shape : null;

    /// <summary>Takes a tensor in float32. A missing or misshapen one gives null and is reported by <see cref="Finish"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The required shape.</param>
    public Tensor? Take(string name, params long[] shape)
    {
        taken.Add(name);
        if (ShapeOf(name) is not { } stored) faults.Add($"{name} is missing");
        else if (!stored.SequenceEqual(shape)) faults.Add($"{name} is [{string.Join(", ", stored)}] where the backbone needs [{string.Join(", ", shape)}]");
        else return file.Read(name, ScalarType.Float32);
        return null;
    }

    /// <summary>Passes over a tensor, if it is there: one that is never trained.</summary>
    public void Pass(string name) => taken.Add(name);

    /// <summary>Adds an error that <see cref="Finish"/> reports.</summary>
    public void AddError(string error) => faults.Add(error);

    /// <summary>Why an encoder block and a decoder block cannot be one layer, or null.</summary>
    internal string? LayerMismatch { get; private set; }

    /// <summary>Says that two modules of one layer are tuned differently.</summary>
    internal void Mismatch(string one, string other) => LayerMismatch ??= $"{one} and {other} are tuned differently but belong to one layer";

    /// <summary>Groups the linear maps of a layer by a key, with their places. Where the blocks of a layer differ at a place, <see cref="LayerMismatch"/> is set.</summary>
    /// <typeparam name="TKey">The key, such as a rank and a scale.</typeparam>
    /// <param name="layer">The maps of the layer with their keys; null for a map that is not tuned.</param>
    public IEnumerable<(TKey Key, IReadOnlyList<LinearPlace> Places, IReadOnlyList<BackboneModule> Modules)> ByPlaces<TKey>(
        IEnumerable<(BackboneModule Module, TKey? Key)> layer)
        where TKey : class
    {
        var maps = layer.ToArray();
        foreach (var place in maps.GroupBy(map => map.Module.Linear.Place))
            if (place.Select(map => map.Key).Distinct().Count() > 1)
                Mismatch(place.First().Module.Name, place.Last().Module.Name);
        return maps.Where(map => map.Key is not null).GroupBy(map => map.Key!)
            .Select(group => (group.Key, (IReadOnlyList<LinearPlace>)[.. group.Select(map => map.Module.Linear.Place).Distinct().Order()],
                (IReadOnlyList<BackboneModule>)[.. group.Select(map => map.Module)]));
    }

    /// <summary>Takes the tensors of the head, by name.</summary>
    internal Dictionary<string, Tensor> TakeHead()
    {
        var head = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, entry) in file.Tensors)
        {
            // names of prompt tuning have a shorter prefix
            var own = name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..] : name.StartsWith("base_model.", StringComparison.Ordinal) ? name["base_model.".Length..] : name;
            if (!Config.HeadModules.Any(module => own.StartsWith(module + ".", StringComparison.Ordinal))) continue;
            // with trained biases, older versions store the untrained head beside the head, and the head twice
            if (Config.Bias != PeftConfig.NoBias && (own.Contains(".original_module.", StringComparison.Ordinal) || own.Contains(".modules_to_save.", StringComparison.Ordinal)))
            {
                Pass(name);
                continue;
            }
            if (head.ContainsKey(own)) continue; // stays surplus
            taken.Add(name);
            head.Add(own, file.Read(name, ScalarType.Float32));
        }
        return head;
    }

    /// <summary>Reports everything that was wrong.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, surplus or misshapen.</exception>
    internal void Finish()
    {
        faults.AddRange(file.Tensors.Keys.Where(name => !taken.Contains(name)).Select(name => $"{name} belongs to no linear map that the configuration tunes"));
        if (faults.Count > 0) throw new InvalidDataException($"{file.Path}: does not fit its {PeftConfig.FileName} over {Backbone.Shape.Name}: {Faults.Join(faults)}");
    }
}
