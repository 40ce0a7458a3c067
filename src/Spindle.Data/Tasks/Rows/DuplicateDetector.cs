using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Spindle.Data.Tasks.Rows;

/// <summary>Tells rows that were seen before by eight bytes of a digest of their texts, labels left aside.</summary>
internal sealed class DuplicateDetector
{
    private readonly HashSet<ulong> seen = [];

    /// <summary>What the rows belong to, for messages.</summary>
    public string Parts { get; init; } = "validation";

    /// <summary>Takes a row down.</summary>
    public void Add(Example example) => seen.Add(DigestOf(example.First, example.Second));

    /// <summary>Whether a row of the same texts was taken down.</summary>
    public bool Contains(Example example) => seen.Count > 0 && seen.Contains(DigestOf(example.First, example.Second));

    /// <summary>A number spread evenly over its range that is a function of texts and seed.</summary>
    public static ulong DigestOf(string first, string? second, int seed = 0)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(head, seed);
        BinaryPrimitives.WriteInt64LittleEndian(head[4..], first.Length);
        digest.AppendData(head);
        digest.AppendData(Encoding.UTF8.GetBytes(first));
        if (second is not null) digest.AppendData(Encoding.UTF8.GetBytes(second));
        Span<byte> bytes = stackalloc byte[32];
        digest.GetHashAndReset(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
