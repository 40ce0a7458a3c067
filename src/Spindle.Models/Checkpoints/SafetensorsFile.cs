using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>A safetensors file: its header is read and checked at once, its tensors when they are asked for. Nothing is allocated that the
/// file's own length does not cover.</summary>
public sealed class SafetensorsFile : ITensorFile
{
    private const long LargestHeader = 100_000_000;
    private const int MostDimensions = 64; // PyTorch's own limit in most kernels
    private const int MostMetadata = 10_000;
    private const int LongestEntry = 10_000; // in bytes

    private readonly FileStream stream;
    private readonly long dataStart;

    private SafetensorsFile(FileStream stream, long dataStart, IReadOnlyDictionary<string, TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (this.stream, this.dataStart, Tensors, Metadata) = (stream, dataStart, tensors, metadata);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>The file's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public string Path => stream.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => [Path];

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or is damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file", path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            Span<byte> prefix = stackalloc byte[8];
            if (stream.Length < prefix.Length) throw Damaged(path, "it is shorter than a header");
            stream.ReadExactly(prefix);
            var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (length is < 2 or > LargestHeader || length > stream.Length - prefix.Length)
                throw Damaged(path, $"its header claims {length} bytes, the file has {stream.Length - prefix.Length}");
            var header = new byte[length];
            stream.ReadExactly(header);
            var dataStart = prefix.Length + length;
            var (tensors, metadata) = ReadHeader(path, header, stream.Length - dataStart);
            return new(stream, dataStart, tensors, metadata);
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
            return TensorMemory.Read(stream.SafeFileHandle, dataStart + entry.Start, entry, type, device);
        }
        catch (EndOfStreamException)
        {
            throw Damaged(Path, $"it ends inside tensor '{name}'");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static (Dictionary<string, TensorEntry>, Dictionary<string, string>) ReadHeader(string path, byte[] header, long dataLength)
    {
        var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            // one entry at a time: a table of all values would take many times the header
            var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (name == "__metadata__") ReadMetadata(path, ref reader, metadata);
                else if (!TensorName.IsSound(name))
                    throw Damaged(path, $"a tensor's name is longer than {TensorName.Longest} characters or has control characters");
                else if (!tensors.TryAdd(name, ReadEntry(path, name, ref reader, dataLength)))
                    throw Damaged(path, $"tensor '{name}' is in its header twice");
            }
            while (reader.Read()) { }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Damaged(path, "its header is not a JSON object of tensors");
        }
        var end = 0L;
        KeyValuePair<string, TensorEntry>[] sorted = [.. tensors];
        Array.Sort(sorted, (one, other) => (one.Value.Start, one.Value.Length).CompareTo((other.Value.Start, other.Value.Length)));
        foreach (var (name, entry) in sorted)
        {
            if (entry.Start < end) throw Damaged(path, $"tensor '{name}' overlaps another");
            end = entry.Start + entry.Length;
        }
        return (tensors, metadata);
    }

    private static void ReadMetadata(string path, ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            metadata[name] = reader.GetString() ?? "";
            if (metadata.Count > MostMetadata) throw Damaged(path, $"its metadata has more than {MostMetadata} entries");
        }
    }

    private static TensorEntry ReadEntry(string path, string name, ref Utf8JsonReader reader, long dataLength)
    {
        var end = reader;
        end.Skip();
        if (end.BytesConsumed - reader.BytesConsumed > LongestEntry) throw Damaged(path, $"tensor '{name}' is described in more than {LongestEntry} bytes");
        using var entry = JsonDocument.ParseValue(ref reader);
        return ReadEntry(path, name, entry.RootElement, dataLength);
    }

    private static TensorEntry ReadEntry(string path, string name, JsonElement value, long dataLength)
    {
        var type = TypeOf(value.GetProperty("dtype").GetString()) ?? throw Damaged(path, $"tensor '{name}' has an unknown type; known are F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL");
        var (shape, offsets) = (Numbers(value.GetProperty("shape")), Numbers(value.GetProperty("data_offsets")));
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataLength)
            throw Damaged(path, $"tensor '{name}' lies outside the file");
        if (shape.Length > MostDimensions) throw Damaged(path, $"tensor '{name}' has {shape.Length} dimensions");
        // a size of 0 hides no other from the check: strides are products of the others
        var span = (UInt128)type.ElementSize();
        foreach (var size in shape)
        {
            if (size < 0 || span * (UInt128)Math.Max(size, 1) > long.MaxValue) throw Damaged(path, $"tensor '{name}' has an impossible shape");
            span *= (UInt128)Math.Max(size, 1);
        }
        var bytes = shape.Contains(0) ? 0 : span;
        if (bytes != (UInt128)(offsets[1] - offsets[0]))
            throw Damaged(path, $"tensor '{name}' has {offsets[1] - offsets[0]} bytes where its shape and type need {bytes}");
        return new(type, shape, offsets[0], offsets[1] - offsets[0]);
    }

    private static long[] Numbers(JsonElement list)
    {
        var numbers = new long[list.GetArrayLength()];
        var count = 0;
        foreach (var item in list.EnumerateArray()) numbers[count++] = item.GetInt64();
        return numbers;
    }

    private static ScalarType? TypeOf(string? name) => name switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => null,
    };

    private static InvalidDataException Damaged(string path, string why) =>
        new($"{path}: is not a valid safetensors file: {why}; download or write it again");
}
