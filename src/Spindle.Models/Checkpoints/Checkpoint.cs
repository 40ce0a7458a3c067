using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>The weights of a checkpoint folder, under the names that a backbone asks for. What is missing, surplus or misshapen is gathered
/// and said in one error.</summary>
public sealed class Checkpoint : IDisposable
{
    private readonly SafetensorsFile file;
    private readonly string prefix;
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];

    private Checkpoint(SafetensorsFile file, string prefix) => (this.file, this.prefix) = (file, prefix);

    /// <summary>The file of the weights.</summary>
    public string Path => file.Path;

    /// <summary>Opens the weights of a folder.</summary>
    /// <param name="folder">A folder in the Hub's layout.</param>
    /// <param name="modelPrefix">What a whole model's names begin with where a bare backbone's do not (<c>bert.</c>).</param>
    /// <exception cref="FileNotFoundException">The folder holds no <c>model.safetensors</c>.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Checkpoint Open(string folder, string modelPrefix)
    {
        var file = SafetensorsFile.Open(System.IO.Path.Combine(folder, "model.safetensors"));
        return new(file, file.Tensors.Keys.Any(name => name.StartsWith(modelPrefix, StringComparison.Ordinal)) ? modelPrefix : "");
    }

    /// <summary>Whether the checkpoint has a weight.</summary>
    /// <param name="name">Its name without the prefix.</param>
    public bool Has(string name) => file.Tensors.ContainsKey(prefix + name);

    /// <summary>Reads a weight into a slot; a fault is kept for <see cref="Finish"/>.</summary>
    /// <param name="name">Its name without the prefix.</param>
    /// <param name="type">The type that is wanted.</param>
    /// <param name="device">Where it is to lie.</param>
    /// <param name="shape">The shape that it must have.</param>
    public WeightSlot Take(string name, ScalarType type, Device device, params long[] shape)
    {
        used.Add(prefix + name);
        if (!file.Tensors.TryGetValue(prefix + name, out var entry)) faults.Add($"{prefix + name} is missing");
        else if (!entry.Shape.SequenceEqual(shape))
            faults.Add($"{prefix + name} is [{string.Join(", ", entry.Shape)}] where the configuration needs [{string.Join(", ", shape)}]");
        else
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            return new(name, file.Read(prefix + name, type).to(device).MoveToOuterDisposeScope());
        }
        return new(name, empty(0));
    }

    /// <summary>Reads a buffer that stands beside the model, without its prefix, in float32; null where there is none.</summary>
    /// <param name="name">Its whole name.</param>
    /// <param name="device">Where it is to lie.</param>
    /// <param name="shape">The shape that it must have.</param>
    public Tensor? Buffer(string name, Device device, params long[] shape)
    {
        if (!file.Tensors.TryGetValue(name, out var entry)) return null;
        used.Add(name);
        if (entry.Shape.SequenceEqual(shape)) return file.Read(name, ScalarType.Float32).to(device).flatten().DetachFromDisposeScope();
        faults.Add($"{name} is [{string.Join(", ", entry.Shape)}] where the configuration needs [{string.Join(", ", shape)}]");
        return null;
    }

    /// <summary>Says everything that was wrong.</summary>
    /// <param name="ignored">Whether a name that nothing took (a head's, a buffer's) is no fault.</param>
    /// <exception cref="InvalidDataException">Weights are missing, surplus or misshapen.</exception>
    public void Finish(Func<string, bool> ignored)
    {
        faults.AddRange(file.Tensors.Keys.Where(name => !used.Contains(name) && !ignored(name)).Select(name => $"{name} is surplus"));
        if (faults.Count > 0)
            throw new InvalidDataException($"{Path}: does not fit its config.json: {Faults.Join(faults)}");
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
