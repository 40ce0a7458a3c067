using Spindle.Models.Places;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>The weights of a checkpoint folder, in whichever form it holds them, under the names that a backbone asks for. What is missing, surplus or
/// misshapen is gathered and said in one error.</summary>
public sealed class Checkpoint : IDisposable
{
    private readonly ITensorFile file;
    private readonly string prefix;
    private readonly bool prefixed;
    private readonly FileFingerprint fingerprint;
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];

    private Checkpoint(ITensorFile file, string prefix)
    {
        (this.file, this.prefix) = (file, prefix);
        prefixed = prefix.Length > 0 && file.Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
        fingerprint = FileFingerprint.Start(file.Parts);
    }

    /// <summary>The file of the weights; the index where there are several.</summary>
    public string Path => file.Path;

    /// <summary>The SHA-256 of the file of the weights in lower-case hexadecimal; of several files, that of their bytes one file after the other, in ordinal
    /// order of the files' names. It is computed while weights are taken.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public string Fingerprint => fingerprint.Value;

    /// <summary>Opens the weights of a folder: <c>model.safetensors</c> or <c>pytorch_model.bin</c>, in one file or in several with an index.</summary>
    /// <param name="folder">A folder in the Hub's layout.</param>
    /// <param name="modelPrefix">What a whole model's names begin with where a bare backbone's do not (<c>bert.</c>).</param>
    /// <exception cref="FileNotFoundException">The folder holds no weights, or not all that an index names.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or holds something other than tensors.</exception>
    public static Checkpoint Open(string folder, string modelPrefix) => new(WeightFiles.Open(folder), modelPrefix);

    /// <summary>Whether the checkpoint has a weight.</summary>
    /// <param name="name">Its name, with the prefix or without.</param>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Reads a weight into a slot; a fault is kept for <see cref="Finish"/>.</summary>
    /// <param name="name">Its name, with the prefix or without.</param>
    /// <param name="type">The type that is wanted.</param>
    /// <param name="device">Where it is to lie; on the meta device it is checked, and its values are not read.</param>
    /// <param name="shape">The shape that it must have.</param>
    public WeightSlot Take(string name, ScalarType type, Device device, params long[] shape)
    {
        if (Find(name) is not { } stored) faults.Add($"{Expected(name)} is missing");
        else if (Fits(stored, shape)) return new(name, IsOutline(device) ? empty(shape, dtype: type, device: device) : file.Read(stored, type, device));
        return new(name, empty(0));
    }

    /// <summary>Reads a buffer that stands beside the model in float32, flattened; null where there is none.</summary>
    /// <param name="name">Its name, with the prefix or without.</param>
    /// <param name="device">Where it is to lie.</param>
    /// <param name="shape">The shape that it must have.</param>
    public Tensor? Buffer(string name, Device device, params long[] shape)
    {
        if (Find(name) is not { } stored || !Fits(stored, shape) || IsOutline(device)) return null;
        using var whole = file.Read(stored, ScalarType.Float32, device);
        return whole.view(-1).DetachFromDisposeScope();
    }

    /// <summary>Says everything that was wrong.</summary>
    /// <param name="ignored">Whether a name that nothing took (a head's, a buffer's) is not a fault; it is asked with the prefix and without.</param>
    /// <exception cref="InvalidDataException">Weights are missing, surplus or misshapen.</exception>
    public void Finish(Func<string, bool> ignored)
    {
        faults.AddRange(file.Tensors.Keys.Where(name => !used.Contains(name) && !ignored(name) && !ignored(Bare(name))).Select(name => $"{name} is surplus"));
        if (faults.Count > 0)
            throw new InvalidDataException($"{Path}: does not fit its config.json: {Faults.Join(faults)}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        fingerprint.Dispose();
        file.Dispose();
    }

    private static bool IsOutline(Device device) => device.type == DeviceType.META;

    private bool Fits(string stored, long[] shape)
    {
        used.Add(stored);
        var entry = file.Tensors[stored];
        if (entry.Shape.SequenceEqual(shape)) return true;
        faults.Add($"{stored} is [{string.Join(", ", entry.Shape)}] where the configuration needs [{string.Join(", ", shape)}]");
        return false;
    }

    private string? Find(string name) => Candidates(name).FirstOrDefault(file.Tensors.ContainsKey);

    private IEnumerable<string> Candidates(string name)
    {
        foreach (var candidate in (string[])[Expected(name), name, Bare(name)])
        {
            yield return candidate;
            // checkpoints that were converted from the first releases in TensorFlow say gamma and beta
            if (candidate.EndsWith("LayerNorm.weight", StringComparison.Ordinal)) yield return candidate[..^"weight".Length] + "gamma";
            if (candidate.EndsWith("LayerNorm.bias", StringComparison.Ordinal)) yield return candidate[..^"bias".Length] + "beta";
        }
    }

    // under which name a checkpoint like this one holds a weight
    private string Expected(string name) => prefixed ? prefix + Bare(name) : Bare(name);

    private string Bare(string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
}
