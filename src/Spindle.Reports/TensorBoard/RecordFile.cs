using System.Buffers.Binary;
using System.Numerics;

namespace Spindle.Reports.TensorBoard;

/// <summary>Records in the framing of TFRecord files: the length, its checksum, the bytes, their checksum. Checksums are masked CRC-32C.</summary>
internal static class RecordFile
{
    private const uint Mask = 0xA282EAD8;

    /// <summary>Appends a record.</summary>
    public static void Append(Stream file, ReadOnlySpan<byte> record)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)record.Length);
        file.Write(length);
        Append(file, Checksum(length));
        file.Write(record);
        Append(file, Checksum(record));
    }

    private static void Append(Stream file, uint checksum)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, checksum);
        file.Write(bytes);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + Mask;
    }
}
