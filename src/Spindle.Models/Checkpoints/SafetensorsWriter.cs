using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>Writes safetensors files.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes float32 tensors beside the file, then puts it in the file's place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">The file's <c>__metadata__</c>.</param>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var header = new Dictionary<string, object> { ["__metadata__"] = metadata };
        var offset = 0L;
        foreach (var (name, value) in tensors)
        {
            var end = offset + value.numel() * sizeof(float);
            header[name] = new { dtype = "F32", shape = value.shape, data_offsets = (long[])[offset, end] };
            offset = end;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padded = (json.Length + 7) / 8 * 8;
        Array.Resize(ref json, padded);
        json.AsSpan().Replace((byte)0, (byte)' ');
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, padded);
            stream.Write(length);
            stream.Write(json);
            foreach (var (_, value) in tensors) stream.Write(value.to(ScalarType.Float32).cpu().contiguous().bytes);
        });
    }
}
