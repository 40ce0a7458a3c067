using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using static TorchSharp.torch;

namespace Spindle.Models.Peft;

/// <summary>A folder of HF peft as a strategy's form reads it, over a backbone.</summary>
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
        Modules = BackboneModule.Of(backbone);
        // the class that was tuned is told by the names of what was tuned
        prefix = new[] { backbone.Family.ClassifierClass(backbone), backbone.Family.BaseClass }.Select(known => known.Prefix)
            .FirstOrDefault(known => known.Length > 0 && file.Tensors.Keys.Any(name => name.StartsWith(Root + known, StringComparison.Ordinal))) ?? "";
    }

    /// <summary>The configuration.</summary>
    public PeftConfig Config { get; }

    /// <summary>The backbone.</summary>
    public IBackbone Backbone { get; }

    /// <summary>The linear maps of its layers.</summary>
    public IReadOnlyList<BackboneModule> Modules { get; }

    /// <summary>A module's name in full, as the configuration's patterns see it.</summary>
    public string FullName(BackboneModule module) => prefix + module.Name;

    /// <summary>The name of a module's tensor in the file.</summary>
    /// <param name="module">The module.</param>
    /// <param name="part">What of it (<c>lora_A.weight</c>).</param>
    public string TensorOf(BackboneModule module, string part) => $"{Root}{prefix}{module.Name}.{part}";

    /// <summary>Whether a module is tuned: it is a target, or, where the configuration names none, its tensor is there.</summary>
    /// <param name="module">The module.</param>
    /// <param name="part">The tensor that every tuned module has.</param>
    public bool IsTuned(BackboneModule module, string part) => Config.IsTarget(FullName(module)) ?? ShapeOf(TensorOf(module, part)) is not null;

    /// <summary>A tensor's shape, or null where there is none of that name.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) => file.Tensors.TryGetValue(name, out var entry) ? entry.Shape : null;

    /// <summary>Takes a tensor in float32; one that is missing or misshapen is kept for the error that names all of them, and comes as null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape that it must have.</param>
    public Tensor? Take(string name, params long[] shape)
    {
        taken.Add(name);
        if (ShapeOf(name) is not { } stored) faults.Add($"{name} is missing");
        else if (!stored.SequenceEqual(shape)) faults.Add($"{name} is [{string.Join(", ", stored)}] where the backbone needs [{string.Join(", ", shape)}]");
        else return file.Read(name, ScalarType.Float32);
        return null;
    }

    /// <summary>Keeps a fault for the error that names all of them.</summary>
    public void AddError(string error) => faults.Add(error);

    /// <summary>What keeps an encoder block and a decoder block from being one layer here, or null.</summary>
    internal string? LayerMismatch { get; private set; }

    /// <summary>The linear maps of a layer with the same of something, by that and with their places. Where a layer's blocks differ at a place, the folder is refused
    /// once it is read.</summary>
    /// <typeparam name="TKey">What they have.</typeparam>
    /// <param name="layer">The layer's maps with what each has, or null where it has nothing.</param>
    public IEnumerable<(TKey Key, IReadOnlyList<LinearPlace> Places, IReadOnlyList<BackboneModule> Modules)> ByPlaces<TKey>(
        IEnumerable<(BackboneModule Module, TKey? Key)> layer)
        where TKey : class
    {
        var maps = layer.ToArray();
        foreach (var place in maps.GroupBy(map => map.Module.Linear.Place))
            if (place.Select(map => map.Key).Distinct().Count() > 1)
                LayerMismatch ??= $"{place.First().Module.Name} and {place.Last().Module.Name} are tuned differently, and are of one layer";
        return maps.Where(map => map.Key is not null).GroupBy(map => map.Key!)
            .Select(group => (group.Key, (IReadOnlyList<LinearPlace>)[.. group.Select(map => map.Module.Linear.Place).Distinct().Order()],
                (IReadOnlyList<BackboneModule>)[.. group.Select(map => map.Module)]));
    }

    /// <summary>Takes the head's tensors by their own names.</summary>
    internal Dictionary<string, Tensor> TakeHead()
    {
        var head = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, entry) in file.Tensors)
        {
            // a prompt's model is wrapped once less
            var own = name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..] : name.StartsWith("base_model.", StringComparison.Ordinal) ? name["base_model.".Length..] : name;
            if (!Config.HeadModules.Any(module => own.StartsWith(module + ".", StringComparison.Ordinal))) continue;
            if (head.ContainsKey(own)) continue; // stays surplus
            taken.Add(name);
            head.Add(own, file.Read(name, ScalarType.Float32));
        }
        return head;
    }

    /// <summary>Says everything that was wrong.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, surplus or misshapen.</exception>
    internal void Finish()
    {
        faults.AddRange(file.Tensors.Keys.Where(name => !taken.Contains(name)).Select(name => $"{name} belongs to no linear map of the backbone's layers that the configuration tunes"));
        if (faults.Count > 0) throw new InvalidDataException($"{file.Path}: does not fit its {PeftConfig.FileName} over {Backbone.Shape.Name}: {Faults.Join(faults)}");
    }
}
