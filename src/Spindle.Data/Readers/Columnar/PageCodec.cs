using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace Spindle.Data.Readers.Columnar;

/// <summary>Decompresses pages. The size of what comes out is known, and approved, before any of it is written.</summary>
internal static class PageCodec
{
    /// <summary>The most bytes that a page decompresses to, before it is decompressed.</summary>
    /// <param name="codec">The number of the compression.</param>
    /// <param name="page">The compressed bytes.</param>
    /// <param name="claimed">The size that the page's header claims.</param>
    /// <exception cref="FormatException">The compression is not known.</exception>
    public static long SizeOf(int codec, ReadOnlySpan<byte> page, int claimed) => codec switch
    {
        0 => page.Length,
        1 => Snappy.GetUncompressedLength(page),
        2 or 4 or 5 or 7 => claimed,
        6 => (long)Math.Min(Decompressor.GetDecompressedSize(page), long.MaxValue),
        _ => throw new FormatException($"its compression number {codec} is not read; save it with snappy, gzip, brotli, lz4 or zstd"),
    };

    /// <summary>Decompresses a page.</summary>
    /// <param name="codec">The number of the compression.</param>
    /// <param name="page">The compressed bytes.</param>
    /// <param name="target">Where to, of the size that <see cref="SizeOf"/> says.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="FormatException">More comes out than the target holds.</exception>
    public static int Decompress(int codec, byte[] page, Span<byte> target)
    {
        switch (codec)
        {
            case 0:
                page.CopyTo(target);
                return page.Length;
            case 1:
                return Snappy.Decompress(page, target);
            case 2:
                using (var gzip = new GZipStream(new MemoryStream(page), CompressionMode.Decompress)) return gzip.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            case 4:
                return BrotliDecoder.TryDecompress(page, target, out var written) ? written : throw Damaged();
            case 6:
                using (var zstd = new Decompressor()) return zstd.Unwrap(page, target);
            default:
                return LZ4Codec.Decode(page, target) is >= 0 and var decoded ? decoded : throw Damaged();
        }
    }

    private static FormatException Damaged() => new("a page does not decompress to the size that it claims");
}
