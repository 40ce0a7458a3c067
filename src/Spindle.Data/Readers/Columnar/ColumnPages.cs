using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Spindle.Data.Readers.Columnar;

/// <summary>Reads the values of a column of one row group, a page at a time. The library is given each page in a small file in memory: schema, page header and
/// footer are written again from what was checked, and nothing is compressed. So no byte of the file decides how far the library reads or how much it allocates.</summary>
/// <param name="file">The file.</param>
/// <param name="column">The column.</param>
/// <param name="chunk">Its pages of the row group.</param>
/// <param name="memory">The memory that all columns share.</param>
internal sealed class ColumnPages(Stream file, ParquetColumn column, ColumnChunk chunk, PageMemory memory)
{
    private const int DeltaBinaryPacked = 5, DeltaLengthByteArray = 6, DeltaByteArray = 7;
    private const ulong LargestDeltaBlock = 1 << 16;
    private const int SmallestWindow = 1 << 10, LargestWindow = 1 << 24;

    // what a value costs beside its bytes: its place, a level, an index into a dictionary
    private const long BytesPerValue = 32;

    // the page, the library's copy of it, and its characters
    private const long BytesPerByte = 4;

    private readonly bool isNullable = column.Path.Any(element => element.Repetition != 0);
    private Page? dictionary;

    /// <summary>The values in order; null where one is missing.</summary>
    /// <exception cref="FormatException">The pages are damaged.</exception>
    public IEnumerable<string?> Read()
    {
        var (position, left) = (chunk.Start, chunk.Values);
        var batch = new List<Page>();
        while (left > 0)
        {
            var header = ReadHeader(ref position);
            if (header.CompressedSize > file.Length - position) throw new FormatException("a page goes beyond the end of the file");
            if (header.Kind == PageKind.Dictionary)
            {
                if (dictionary is not null) throw new FormatException("a column has two dictionaries");
                dictionary = ReadPage(header, position);
            }
            else if (header.Kind != PageKind.Index && header.Values > 0)
            {
                if (header.Values > left) throw new FormatException("a column's pages hold more values than it has");
                left -= header.Values;
                batch.Add(ReadPage(header, position));
                // the dictionary is read again with every batch, so that pages much smaller than it go together
                if (left == 0 || batch.Sum(page => (long)page.Bytes.Count) >= (dictionary?.Bytes.Count ?? 0))
                {
                    var (text, count) = (Values(batch), batch.Sum(page => page.Header.Values));
                    for (var row = 0; row < count; row++) yield return text(row);
                    foreach (var page in batch) memory.Release(page.Reserved);
                    batch.Clear();
                }
            }
            position += header.CompressedSize;
        }
        memory.Release(dictionary?.Reserved ?? 0);
    }

    private PageHeader ReadHeader(ref long position)
    {
        // statistics may make a header long
        for (var size = SmallestWindow; ; size *= 16)
        {
            var window = ReadBytes(position, (int)Math.Min(size, file.Length - position));
            try
            {
                var reader = new CompactReader(window);
                var header = PageHeader.Read(ref reader);
                position += reader.Position;
                return header;
            }
            catch (FormatException) when (size < LargestWindow && window.Length == size)
            {
                // it may go on behind the window
            }
        }
    }

    private Page ReadPage(PageHeader header, long position)
    {
        memory.Reserve(header.CompressedSize);
        var stored = ReadBytes(position, header.CompressedSize);
        // levels of the second version stand uncompressed before the values
        var levels = header.Kind == PageKind.DataV2 ? header.DefinitionBytes : 0;
        var codec = header.Kind != PageKind.DataV2 || header.IsCompressed ? chunk.Codec : 0;
        var values = stored.AsMemory(levels);
        var size = values.IsEmpty ? 0 : PageCodec.SizeOf(codec, values.Span, header.UncompressedSize - levels);
        if (header.Kind == PageKind.Dictionary && header.Values > size) throw new FormatException("a dictionary claims more values than it has bytes");
        if (size < 0) throw new FormatException("a page's sizes contradict each other");
        memory.Release(header.CompressedSize);
        var reserved = Math.Min(size + levels, int.MaxValue) * BytesPerByte + header.Values * BytesPerValue;
        memory.Reserve(reserved);
        ArraySegment<byte> plain = stored;
        if (codec != 0 && size > 0)
        {
            var target = new byte[levels + size];
            stored.AsSpan(0, levels).CopyTo(target);
            plain = new(target, 0, levels + PageCodec.Decompress(codec, values.ToArray(), target.AsSpan(levels)));
        }
        CheckEncoding(header, plain);
        return new(header, plain, reserved);
    }

    // a delta block's size is allocated at once, and a prefix may be repeated without end
    private void CheckEncoding(PageHeader header, ReadOnlySpan<byte> page)
    {
        if (header.Encoding == DeltaByteArray) throw new NotSupportedException($"column '{column.Name}' is encoded as DELTA_BYTE_ARRAY, which is not read; save it with plain or dictionary encoding");
        if (header.Encoding is not (DeltaBinaryPacked or DeltaLengthByteArray)) return;
        var values = header.Kind == PageKind.DataV2 ? page[header.DefinitionBytes..] : page[LevelBytes(page)..];
        var at = 0;
        var (block, parts) = (Varint(values, ref at), Varint(values, ref at));
        if (block is 0 or > LargestDeltaBlock || parts is 0 or > LargestDeltaBlock || block < parts) throw new FormatException("a page's blocks of differences are of an impossible size");
    }

    private int LevelBytes(ReadOnlySpan<byte> page)
    {
        if (!isNullable) return 0;
        var length = page.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(page) : -1;
        return length >= 0 && length <= page.Length - 4 ? length + 4 : throw new FormatException("a page's levels are damaged");
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 35 && at < bytes.Length; shift += 7)
        {
            value |= (ulong)(bytes[at] & 0x7F) << shift;
            if (bytes[at++] < 0x80) return value;
        }
        throw new FormatException("a page's blocks of differences are damaged");
    }

    private byte[] ReadBytes(long position, int count)
    {
        var bytes = new byte[count];
        file.Position = position;
        file.ReadExactly(bytes);
        return bytes;
    }

    private Func<int, string?> Values(List<Page> pages)
    {
        var count = pages.Sum(page => page.Header.Values);
        using var small = new SmallFile(Compose(dictionary is null ? pages : [dictionary, .. pages], count));
        try
        {
            var reader = ParquetReader.CreateAsync(small).GetAwaiter().GetResult();
            var field = reader.Schema.GetDataFields().Single();
            using var group = reader.OpenRowGroupReader(0);
            return ValuesOf(group, field, count);
        }
        catch (IOException error)
        {
            // the bytes are in memory, so the library means them and not a disk
            throw new FormatException(error.Message, error);
        }
    }

    private byte[] Compose(IReadOnlyList<Page> pages, int count)
    {
        byte[][] headers = [.. pages.Select(page => page.Header.Uncompressed(page.Bytes.Count))];
        var end = 5L + headers.Sum(header => header.Length) + pages.Sum(page => (long)page.Bytes.Count);
        var footer = Footer(count, end);
        var whole = new byte[checked((int)end + footer.Length)];
        var stream = new MemoryStream(whole);
        stream.Write("PAR1"u8);
        foreach (var (header, page) in headers.Zip(pages))
        {
            stream.Write(header);
            stream.Write(page.Bytes);
        }
        // an empty header stops a library that looks for more values than the pages have
        stream.WriteByte(0);
        stream.Write(footer);
        return whole;
    }

    private byte[] Footer(int count, long end)
    {
        var writer = new CompactWriter();
        writer.Integer(1, 1).List(2, CompactType.Struct, column.Path.Count + 1);
        writer.Binary(4, "schema"u8).Integer(5, 1).End();
        foreach (var (depth, element) in column.Path.Index()) element.Write(writer, depth + 1 < column.Path.Count ? 1 : 0);
        writer.Integer(3, count, CompactType.I64).List(4, CompactType.Struct, 1).List(1, CompactType.Struct, 1);
        writer.Integer(2, 4, CompactType.I64).Struct(3).Integer(1, column.Path[^1].Type).List(2, CompactType.I32, 0).List(3, CompactType.Binary, column.Path.Count);
        foreach (var element in column.Path) writer.Bytes(Encoding.UTF8.GetBytes(element.Name));
        writer.Integer(4, 0).Integer(5, count, CompactType.I64).Integer(6, end, CompactType.I64).Integer(7, end, CompactType.I64).Integer(9, 4, CompactType.I64).End();
        writer.End().Integer(2, end, CompactType.I64).Integer(3, count, CompactType.I64).End().End();
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, writer.Written.Length);
        return writer.Raw(length).Raw("PAR1"u8).Written.ToArray();
    }

    private static Func<int, string?> ValuesOf(ParquetRowGroupReader group, DataField field, int count)
    {
        var type = field.ClrType;
        if (type == typeof(ReadOnlyMemory<char>) || type == typeof(string)) return Of<ReadOnlyMemory<char>>(value => value.ToString());
        if (type == typeof(bool)) return Of<bool>(value => value ? "true" : "false");
        // NaN is how other programs write a number that is missing
        if (type == typeof(float)) return Of<float>(value => float.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture));
        if (type == typeof(double)) return Of<double>(value => double.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture));
        if (type == typeof(decimal)) return Number<decimal>();
        if (type == typeof(long)) return Number<long>();
        if (type == typeof(int)) return Number<int>();
        if (type == typeof(short)) return Number<short>();
        if (type == typeof(sbyte)) return Number<sbyte>();
        if (type == typeof(byte)) return Number<byte>();
        if (type == typeof(ushort)) return Number<ushort>();
        if (type == typeof(uint)) return Number<uint>();
        if (type == typeof(ulong)) return Number<ulong>();
        throw new NotSupportedException($"column '{string.Join('.', field.Path.ToList())}' holds {field.SchemaType} values of type {type.Name}, which are neither texts nor numbers; save them as texts or numbers");

        Func<int, string?> Number<T>()
            where T : struct, IFormattable => Of<T>(value => value.ToString(null, CultureInfo.InvariantCulture));

        Func<int, string?> Of<T>(Func<T, string?> text)
            where T : struct
        {
            var values = new T[count];
            if (field.MaxDefinitionLevel == 0)
            {
                Wait(group.ReadRawAsync<T>(field, values, null, null));
                return row => text(values[row]);
            }
            var levels = new int[count];
            Wait(group.ReadRawAsync<T>(field, values, levels, null));
            // the values that are not missing come one after the other
            var next = 0;
            for (var row = 0; row < count; row++) levels[row] = levels[row] == field.MaxDefinitionLevel ? next++ : -1;
            return row => levels[row] < 0 ? null : text(values[levels[row]]);
        }
    }

    /// <summary>A page as it is read.</summary>
    private sealed record Page(PageHeader Header, ArraySegment<byte> Bytes, long Reserved);

    // a file in memory: nothing here waits
    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    /// <summary>A file in memory whose end cannot be read past: the library takes it for bytes.</summary>
    private sealed class SmallFile(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override int ReadByte() => base.ReadByte() is >= 0 and var value ? value : throw new EndOfStreamException();
    }
}
