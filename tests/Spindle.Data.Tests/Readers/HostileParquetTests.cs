using Parquet;
using Parquet.Schema;
using Spindle.Data.Readers;
using Spindle.Data.Readers.Columnar;

namespace Spindle.Data.Tests.Readers;

/// <summary>Parquet files that were written to exhaust time or memory, and real ones in every compression.</summary>
public sealed class HostileParquetTests : IDisposable
{
    private const int Integers = 1, Texts = 6;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_footer_that_ends_within_a_number_is_refused() => Refused([0x15, 0xFF], "damaged");

    [Fact]
    public void A_footer_of_deeply_nested_lists_is_refused() => Refused([0x19, .. Enumerable.Repeat((byte)0x19, 200_000)], "nested too deep");

    [Fact]
    public void A_list_longer_than_the_footer_is_refused() => Refused([0x29, 0xFC, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F], "damaged");

    [Fact]
    public void A_schema_nested_without_end_is_refused()
    {
        var writer = new CompactWriter().List(2, CompactType.Struct, 1000);
        for (var depth = 0; depth < 1000; depth++) writer.Binary(4, "a"u8).Integer(5, 1).End();
        Refused(writer.End().Written.ToArray(), "damaged|nested more than");
    }

    [Fact]
    public void A_page_that_goes_beyond_the_file_is_refused() =>
        Refused(Integers, codec: 0, new CompactWriter().Integer(1, 0).Integer(2, 1 << 30).Integer(3, 1 << 30).Struct(5).Integer(1, 1).Integer(2, 0).End().End().Written.ToArray(), values: 1, "beyond the end");

    [Fact]
    public void Pages_without_values_do_not_keep_the_reader_waiting() =>
        Refused(Integers, codec: 0, [.. Enumerable.Repeat(Page(0, 0, [], 0), 1000).SelectMany(page => page)], values: 1, "damaged|kind");

    [Fact]
    public void Pages_that_hold_fewer_values_than_they_claim_are_refused() => Refused(Integers, codec: 0, Page(1000, 0, [1, 0, 0, 0], 4), values: 1000, "Parquet");

    [Fact]
    public void A_page_that_expands_beyond_the_memory_allowed_is_refused_before_it_does()
    {
        using var zstd = new ZstdSharp.Compressor();
        var bomb = zstd.Wrap(new byte[400 << 20]).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(Texts, codec: 6, Page(1, 0, bomb, 100), values: 1, "MiB at once");
        Refused(Texts, codec: 1, Page(1, 0, [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0], 100), values: 1, "MiB at once");
        Refused(Texts, codec: 2, Page(1, 0, [0], int.MaxValue), values: 1, "MiB at once");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 * bomb.Length + (64 << 20));
    }

    [Fact]
    public void A_block_of_differences_of_any_size_is_refused_before_it_is_allocated() =>
        Refused(Integers, codec: 0, Page(2, 5, [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x01, 0x02, 0x00, 0x00], 9), values: 2, "blocks of differences");

    [Fact]
    public void A_dictionary_that_claims_more_values_than_it_has_bytes_is_refused() => Refused(
        Integers, codec: 0, new CompactWriter().Integer(1, 2).Integer(2, 4).Integer(3, 4).Struct(7).Integer(1, int.MaxValue).Integer(2, 0).End().End().Raw([1, 0, 0, 0]).Written.ToArray(), values: 1, "dictionary claims");

    [Fact]
    public void More_rows_than_a_file_of_its_size_can_hold_are_refused() => Refused(Integers, codec: 0, Page(4, 0, [1, 0, 0, 0], 4), values: 1 << 30, "claims");

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Lz4Raw)]
    public async Task Every_compression_gives_the_same_rows(CompressionMethod compression)
    {
        string[] texts = [.. Enumerable.Range(0, 5000).Select(row => $"row {row % 50} é")];
        var path = Path.Combine(scratch.Folder, "x.parquet");
        var (text, number) = (new DataField<string>("text"), new DataField<double>("number"));
        await using (var stream = File.Create(path))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text, number), stream, new() { CompressionMethod = compression }, cancellationToken: TestContext.Current.CancellationToken))
        {
            using var part = writer.CreateRowGroup();
            await part.WriteAsync(text, texts!);
            await part.WriteAsync(number, new ReadOnlyMemory<double>([.. Enumerable.Range(0, 5000).Select(row => row / 4.0)]), cancellationToken: TestContext.Current.CancellationToken);
        }
        Assert.Equal(texts.Index().Select(row => $"{row.Item}|{FormattableString.Invariant($"{row.Index / 4.0:R}")}"), Table.Open([path]).Rows(["text", "number"]).Select(row => string.Join('|', row.Fields)));
    }

    private static byte[] Page(int values, int encoding, byte[] bytes, int uncompressed) =>
        new CompactWriter().Integer(1, 0).Integer(2, uncompressed).Integer(3, bytes.Length).Struct(5).Integer(1, values).Integer(2, encoding).Integer(3, 3).Integer(4, 3).End().End().Raw(bytes).Written.ToArray();

    private void Refused(int type, int codec, byte[] pages, long values, string reason)
    {
        var footer = new CompactWriter().Integer(1, 1).List(2, CompactType.Struct, 2).Binary(4, "schema"u8).Integer(5, 1).End()
            .Integer(1, type).Integer(3, 0).Binary(4, "a"u8).Integer(6, type == Texts ? 0 : null).End()
            .Integer(3, values, CompactType.I64).List(4, CompactType.Struct, 1).List(1, CompactType.Struct, 1)
            .Integer(2, 4, CompactType.I64).Struct(3).Integer(1, type).List(3, CompactType.Binary, 1).Bytes("a"u8).Integer(4, codec).Integer(5, values, CompactType.I64).Integer(9, 4, CompactType.I64).End()
            .End().Integer(3, values, CompactType.I64).End().End();
        Refused(footer.Written.ToArray(), reason, pages);
    }

    private void Refused(byte[] footer, string reason, byte[]? pages = null)
    {
        var path = Path.Combine(scratch.Folder, "x.parquet");
        File.WriteAllBytes(path, [.. "PAR1"u8, .. pages ?? [], .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8]);
        var message = Assert.Throws<InvalidDataException>(() =>
        {
            var table = Table.Open([path]);
            _ = table.Rows([.. table.Columns.Select(column => column.Name)]).Count();
        }).Message;
        Assert.StartsWith($"{path}: ", message, StringComparison.Ordinal);
        Assert.Matches(reason, message);
        Assert.DoesNotContain('\n', message);
    }
}
