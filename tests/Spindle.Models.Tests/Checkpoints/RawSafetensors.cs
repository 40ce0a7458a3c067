using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Checkpoints;

/// <summary>Writes safetensors files of any type; the product writes float32 alone.</summary>
internal static class RawSafetensors
{
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var (header, offset, all) = (new Dictionary<string, object>(), 0L, tensors.ToArray());
        foreach (var (name, value) in all)
        {
            var type = value.dtype switch
            {
                ScalarType.Float32 => "F32",
                ScalarType.Float16 => "F16",
                ScalarType.BFloat16 => "BF16",
                ScalarType.Float64 => "F64",
                ScalarType.Int64 => "I64",
                var other => throw new ArgumentException($"{other}"),
            };
            var end = offset + value.numel() * value.element_size();
            header[name] = new { dtype = type, shape = value.shape, data_offsets = (long[])[offset, end] };
            offset = end;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        foreach (var (_, value) in all) file.Write(value.contiguous().bytes);
    }
}
