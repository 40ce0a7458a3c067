using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Spindle.Data.Tasks;

/// <summary>A digest of a row, by which edited rows are noticed.</summary>
public static class RowDigest
{
    /// <summary>The first eight bytes of the SHA-256 of a row's texts, label and target, each preceded by its length.</summary>
    public static ulong Compute(Example example)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (var text in (string?[])[example.First, example.Second, example.Target])
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, text?.Length ?? -1);
            hash.AppendData(number);
            if (text is not null) hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
        BinaryPrimitives.WriteDoubleLittleEndian(number, double.IsNaN(example.Label) ? double.NaN : example.Label);
        hash.AppendData(number);
        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
