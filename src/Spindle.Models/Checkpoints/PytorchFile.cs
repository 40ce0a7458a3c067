using System.Text;
using Spindle.Models.Checkpoints.Pickle;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>A <c>pytorch_model.bin</c> as PyTorch has written it since 1.6: a zip archive of a pickle and of the storages that it speaks of. Of the pickle only
/// dictionaries of tensors are read, anything else is refused by its name; no code runs, and nothing is allocated that the file's own length does not cover.</summary>
public sealed class PytorchFile : ITensorFile
{
    private const long LargestPickle = 1 << 23;
    private const int MostDimensions = 64; // PyTorch's own limit in most kernels
    private const int MostShares = 16; // how often tied weights may stand for the same bytes
    private const string Rebuild = "torch._utils._rebuild_tensor_v2";
    private const string Ordered = "collections.OrderedDict";

    private static readonly Dictionary<string, ScalarType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = ScalarType.Float64,
        ["torch.FloatStorage"] = ScalarType.Float32,
        ["torch.HalfStorage"] = ScalarType.Float16,
        ["torch.BFloat16Storage"] = ScalarType.BFloat16,
        ["torch.LongStorage"] = ScalarType.Int64,
        ["torch.IntStorage"] = ScalarType.Int32,
        ["torch.ShortStorage"] = ScalarType.Int16,
        ["torch.CharStorage"] = ScalarType.Int8,
        ["torch.ByteStorage"] = ScalarType.Byte,
        ["torch.BoolStorage"] = ScalarType.Bool,
    };

    private static readonly HashSet<string> Globals = [.. Storages.Keys, Rebuild, Ordered];

    private readonly FileStream stream;

    private PytorchFile(FileStream stream, IReadOnlyDictionary<string, TensorEntry> tensors) => (this.stream, Tensors) = (stream, tensors);

    /// <inheritdoc/>
    public string Path => stream.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => [Path];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens a file and checks all that its pickle says of tensors against its length.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not such an archive, is damaged, or holds something other than tensors.</exception>
    public static PytorchFile Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file", path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            return new(stream, ReadTensors(stream));
        }
        catch (FormatException error)
        {
            stream.Dispose();
            throw Damaged(path, error.Message);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null)
    {
        if (!Tensors.TryGetValue(name, out var entry)) throw new InvalidDataException($"{Path}: there is no tensor '{name}'");
        try
        {
            return TensorMemory.Read(stream.SafeFileHandle, entry.Start, entry, type, device);
        }
        catch (EndOfStreamException)
        {
            throw Damaged(Path, $"it ends inside tensor '{name}'");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static Dictionary<string, TensorEntry> ReadTensors(FileStream stream)
    {
        var entries = StoredZip.Read(stream.SafeFileHandle);
        var pickles = entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToArray();
        if (pickles.Length != 1) throw new FormatException($"it holds {pickles.Length} entries 'data.pkl' where PyTorch writes one");
        var root = pickles[0][..^"data.pkl".Length];
        if (entries.TryGetValue($"{root}byteorder", out var order) && Encoding.ASCII.GetString(Bytes(stream, order, 16)) != "little")
            throw new FormatException("its numbers are not little-endian");

        var pickle = Bytes(stream, entries[pickles[0]], LargestPickle);
        if (PickleReader.Read(pickle, Globals, Load, Call) is not PickleDictionary dictionary)
            throw new FormatException("its pickle holds no dictionary of tensors");
        var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        var total = (UInt128)0;
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is not string name || !TensorName.IsSound(name)) throw new FormatException($"a tensor's name is not a text, is longer than {TensorName.Longest} characters or has control characters");
            if (value is not TensorEntry entry) throw new FormatException($"'{name}' is not a tensor; only a plain dictionary of tensors is read");
            if (!tensors.TryAdd(name, entry)) throw new FormatException($"tensor '{name}' is there twice");
            total += (UInt128)entry.Length;
        }
        if (total > (UInt128)stream.Length * MostShares) throw new FormatException($"its tensors come to {total} bytes in a file of {stream.Length}");
        return tensors;

        object Load(object? id)
        {
            if (id is not object?[] { Length: 5 } parts || parts is not ["storage", PickleGlobal kind, string key, string, long count] || !Storages.TryGetValue(kind.Name, out var type))
                throw new FormatException("its pickle refers to something that is not a storage");
            if (!entries.TryGetValue($"{root}data/{key}", out var bytes)) throw new FormatException($"its storage '{Shown(key)}' is missing");
            if (count < 0 || (UInt128)count * (UInt128)type.ElementSize() > (UInt128)bytes.Length)
                throw new FormatException($"its storage '{key}' claims {count} elements, and has {bytes.Length} bytes");
            return new Storage(type, bytes.Start, count);
        }
    }

    private static object? Call(string name, object?[] arguments) => name switch
    {
        Ordered when arguments.Length == 0 => new PickleDictionary(),
        Ordered when arguments is [List<object?> pairs] => Dictionary(pairs),
        Rebuild when arguments is [Storage storage, long offset, object?[] sizes, object?[] strides, ..] => Entry(storage, offset, Numbers(sizes), Numbers(strides)),
        _ => throw new FormatException($"its pickle calls '{name}' with arguments that do not fit"),
    };

    private static PickleDictionary Dictionary(List<object?> pairs)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs)
        {
            if (pair is not object?[] { Length: 2 } item) throw new FormatException($"its pickle calls '{Ordered}' with arguments that do not fit");
            dictionary.Add(item[0], item[1]);
        }
        return dictionary;
    }

    private static long[] Numbers(object?[] values) => [.. values.Select(value => value is long and >= 0 and var number ? (long)number : throw new FormatException("a tensor's shape has an entry that is not a whole number from 0"))];

    private static TensorEntry Entry(Storage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || shape.Length > MostDimensions) throw new FormatException($"a tensor has {shape.Length} dimensions and {strides.Length} strides");
        // a size of 0 hides no other from the check: strides are products of the others
        UInt128 count = 1, last = 0;
        var contiguous = true;
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            var (size, stride) = ((UInt128)Math.Max(shape[dimension], 1), (UInt128)strides[dimension]);
            if (size > 1 && stride != count) contiguous = false;
            (count, last) = (count * size, last + (size - 1) * stride);
            if (count > long.MaxValue / 8 || last > long.MaxValue / 8) throw new FormatException("a tensor has an impossible shape");
        }
        if (shape.Contains(0)) return new(storage.Type, shape, storage.Start, 0);
        // stride 0 would make much of little; a whole checkpoint never needs it
        if (offset < 0 || (UInt128)offset + last >= (UInt128)storage.Count || count > (UInt128)storage.Count)
            throw new FormatException($"a tensor [{string.Join(", ", shape)}] lies outside its storage of {storage.Count} elements");
        var size0 = storage.Type.ElementSize();
        return new(storage.Type, shape, storage.Start + offset * size0, ((long)last + 1) * size0) { Strides = contiguous ? null : strides };
    }

    private static byte[] Bytes(FileStream stream, (long Start, long Length) entry, long most)
    {
        if (entry.Length > most) throw new FormatException($"an entry has {entry.Length} bytes where {most} are the most");
        var bytes = new byte[entry.Length];
        stream.Position = entry.Start;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Shown(string key) => TensorName.IsSound(key) ? key : "?";

    private static InvalidDataException Damaged(string path, string why) =>
        new($"{path}: is not a readable PyTorch checkpoint: {why}; save it again with torch.save, or better as safetensors");

    private sealed record Storage(ScalarType Type, long Start, long Count);
}
