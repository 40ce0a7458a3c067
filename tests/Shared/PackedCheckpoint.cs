using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spindle.Tests;

/// <summary>A checkpoint of the fixtures' <c>weights</c>, unpacked into a temporary folder in the Hub's layout: matrices are kept in eight bits with one scale a row,
/// and everything becomes float16, as the fixture's own script writes it.</summary>
internal sealed class PackedCheckpoint : IDisposable
{
    private const string Packed = "weights.int8";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-weights-");

    /// <param name="name">The fixture's folder below <c>weights</c>; the test is skipped where it is absent.</param>
    public PackedCheckpoint(string name)
    {
        var source = SharedFiles.Fixture("weights", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file) is ".int8" or ".py") continue;
            var target = Path.Combine(Folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        Unpack(File.ReadAllBytes(Path.Combine(source, Packed)), Path.Combine(Folder, "model.safetensors"));
    }

    /// <summary>The folder.</summary>
    public string Folder => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);

    // eight bytes of the header's length, the header, then values and scales in float32 and rows of signed bytes
    private static void Unpack(ReadOnlySpan<byte> packed, string path)
    {
        var length = (int)BitConverter.ToUInt64(packed);
        var tensors = JsonNode.Parse(packed.Slice(8, length))!.AsObject();
        var data = packed[(8 + length)..];
        var header = new JsonObject();
        var end = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var start = end;
            end += sizeof(short) * tensor!["shape"]!.AsArray().Aggregate(1L, (count, size) => count * size!.GetValue<long>());
            header[name] = new JsonObject { ["dtype"] = "F16", ["shape"] = tensor["shape"]!.DeepClone(), ["data_offsets"] = new JsonArray(start, end) };
        }
        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((ulong)text.Length));
        file.Write(text);
        foreach (var (_, tensor) in tensors) file.Write(MemoryMarshal.AsBytes(Values(tensor!, data).AsSpan()));
    }

    private static Half[] Values(JsonNode tensor, ReadOnlySpan<byte> data)
    {
        if (tensor["values"] is { } values) return Array.ConvertAll(Floats(data[RangeOf(values)]), value => (Half)value);
        var (codes, scales) = (data[RangeOf(tensor["rows"]!)].ToArray(), Floats(data[RangeOf(tensor["scales"]!)]));
        var columns = codes.Length / scales.Length;
        var result = new Half[codes.Length];
        var meanings = new Half[256]; // what each byte of a row means
        foreach (var (row, scale) in scales.Index())
        {
            for (var code = 0; code < meanings.Length; code++) meanings[code] = (Half)((sbyte)code * (double)scale);
            for (var at = row * columns; at < (row + 1) * columns; at++) result[at] = meanings[codes[at]];
        }
        return result;
    }

    private static float[] Floats(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private static Range RangeOf(JsonNode pair) => new(pair[0]!.GetValue<int>(), pair[1]!.GetValue<int>());
}
