using System.Buffers.Binary;
using System.Text.Json.Serialization;

namespace Spindle.Search.Studies;

/// <summary>Digests of one part of a task's rows, by which edited data are noticed.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="RowsPerBlock">The number of rows that share a digest; 1 for up to 1,000 rows.</param>
/// <param name="Digests">The digests of the blocks in order, eight bytes each, in base 64.</param>
// stores hold the number under its first name
public sealed record TaskRows(string Part, int Count, [property: JsonPropertyName("rowsABlock")] int RowsPerBlock, string Digests)
{
    private const int MostBlocks = 1000;
    private const int Bytes = 8;

    /// <summary>Summarises the digests of rows.</summary>
    /// <param name="part">The part's name.</param>
    /// <param name="rows">A digest of each row, in order.</param>
    public static TaskRows Of(string part, IReadOnlyList<ulong> rows)
    {
        var block = Math.Max(1, (rows.Count + MostBlocks - 1) / MostBlocks);
        return new(part, rows.Count, block, Blocks(rows, block));
    }

    /// <summary>The difference to the rows of a store in words, or null if they are the same.</summary>
    /// <param name="there">The same part in the store.</param>
    /// <param name="placeOf">Where a row here is, as <c>file:line</c>, from its zero-based number; null where that is not known.</param>
    public string? DifferenceTo(TaskRows there, Func<int, string?>? placeOf = null)
    {
        if (this == there) return null;
        var counts = Count == there.Count
            ? FormattableString.Invariant($"{Count:N0} {Part} rows here and in the store")
            : FormattableString.Invariant($"{Count:N0} {Part} rows here, {there.Count:N0} in the store");
        // blocks of different sizes cannot be compared one by one
        if (RowsPerBlock != there.RowsPerBlock) return counts;
        var same = BlocksOf(this).AsSpan().CommonPrefixLength(BlocksOf(there)) / Bytes;
        var (first, last) = (same * RowsPerBlock + 1, Math.Min((same + 1) * RowsPerBlock, Math.Max(Count, there.Count)));
        var place = first <= Count ? placeOf?.Invoke(first - 1) : null;
        return counts + (first >= last
            ? FormattableString.Invariant($", the first difference in row {Math.Min(first, last):N0}") + (place is null ? "" : $" ({place})")
            : FormattableString.Invariant($", the first difference in rows {first:N0} to {last:N0}") + (place is null ? "" : $" (from {place} on)"));
    }

    // a damaged store must not end in an exception
    private static byte[] BlocksOf(TaskRows rows)
    {
        var bytes = new byte[rows.Digests.Length];
        return Convert.TryFromBase64String(rows.Digests, bytes, out var written) ? bytes[..written] : [];
    }

    private static string Blocks(IReadOnlyList<ulong> rows, int block)
    {
        var bytes = new byte[(rows.Count + block - 1) / block * Bytes];
        for (var row = 0; row < rows.Count; row++)
        {
            var place = bytes.AsSpan(row / block * Bytes, Bytes);
            // FNV-1a over words, so that the order counts
            var before = row % block == 0 ? 14695981039346656037 : BinaryPrimitives.ReadUInt64LittleEndian(place);
            BinaryPrimitives.WriteUInt64LittleEndian(place, unchecked((before ^ rows[row]) * 1099511628211));
        }

        return Convert.ToBase64String(bytes);
    }
}
