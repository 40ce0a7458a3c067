using System.Buffers.Binary;
using System.Text;

namespace Spindle.Data.Readers.Columnar;

/// <summary>A column whose rows have at most one value each.</summary>
/// <param name="Index">Its place among all columns, those of lists included.</param>
/// <param name="Path">The schema's nodes from below the root down to the column.</param>
internal sealed record ParquetColumn(int Index, IReadOnlyList<SchemaElement> Path)
{
    /// <summary>The name; its parts joined by a dot where it is nested.</summary>
    public string Name { get; } = string.Join('.', Path.Select(element => element.Name));
}

/// <summary>Where a column's pages of a row group are.</summary>
/// <param name="Codec">The number of the compression.</param>
/// <param name="Start">The first byte in the file.</param>
/// <param name="Values">The values, missing ones included.</param>
internal readonly record struct ColumnChunk(int Codec, long Start, long Values);

/// <summary>A row group.</summary>
/// <param name="Rows">The number of its rows.</param>
/// <param name="Chunks">The pages of every column, in the schema's order.</param>
internal sealed record RowGroup(long Rows, IReadOnlyList<ColumnChunk> Chunks);

/// <summary>The footer of a Parquet file: its schema, its row groups and the metadata <c>huggingface</c>. Everything in it is checked against the file's length.</summary>
/// <param name="Columns">The columns whose rows have at most one value each, in order.</param>
/// <param name="Groups">The row groups in order.</param>
/// <param name="HuggingFace">The metadata that <c>datasets</c> writes, or null.</param>
internal sealed record ParquetFooter(IReadOnlyList<ParquetColumn> Columns, IReadOnlyList<RowGroup> Groups, string? HuggingFace)
{
    private const int MostElements = 10_000;
    private const int MostGroups = 100_000;
    private const int MaximumDepth = 16;
    private const int FrameBytes = 12; // PAR1 at both ends, and the footer's length

    /// <summary>Reads the footer.</summary>
    /// <exception cref="FormatException">The file is not Parquet, or is damaged.</exception>
    public static ParquetFooter Read(Stream file)
    {
        Span<byte> end = stackalloc byte[8];
        var length = 0;
        if (file.Length >= FrameBytes)
        {
            file.Position = file.Length - end.Length;
            file.ReadExactly(end);
            length = BinaryPrimitives.ReadInt32LittleEndian(end);
        }
        if (file.Length < FrameBytes || !end[4..].SequenceEqual("PAR1"u8) || length <= 0 || length > file.Length - FrameBytes)
            throw new FormatException("its end does not say PAR1 after a footer that fits into the file");
        var footer = new byte[length];
        file.Position = file.Length - end.Length - length;
        file.ReadExactly(footer);
        return Parse(footer, file.Length - end.Length - length);
    }

    private static ParquetFooter Parse(ReadOnlySpan<byte> footer, long dataEnd)
    {
        var reader = new CompactReader(footer);
        SchemaElement[]? schema = null;
        List<RowGroup>? groups = null;
        var leaves = 0;
        string? huggingFace = null;
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (field == 2)
            {
                CompactReader.Require(type, CompactType.List);
                var count = reader.List(CompactType.Struct);
                if (count > MostElements) throw new FormatException($"it has more than {MostElements} columns");
                schema = new SchemaElement[count];
                for (var index = 0; index < count; index++) schema[index] = SchemaElement.Read(ref reader);
                leaves = schema.Count(element => element.Children == 0);
            }
            else if (field == 4)
            {
                CompactReader.Require(type, CompactType.List);
                groups = [];
                var count = reader.List(CompactType.Struct);
                if (count > MostGroups) throw new FormatException($"it has more than {MostGroups} row groups");
                for (var left = count; left > 0; left--) groups.Add(ReadGroup(ref reader, leaves, dataEnd));
            }
            else if (field == 5)
            {
                CompactReader.Require(type, CompactType.List);
                for (var left = reader.List(CompactType.Struct); left > 0; left--) huggingFace = ReadMetadata(ref reader) ?? huggingFace;
            }
            else reader.Skip(type);
        }
        return schema is not null && groups is not null ? new(Flatten(schema), groups, huggingFace) : throw CompactReader.Damaged();
    }

    private static List<ParquetColumn> Flatten(SchemaElement[] schema)
    {
        if (schema.Length == 0) throw CompactReader.Damaged();
        var columns = new List<ParquetColumn>();
        var (next, leaf) = (1, 0);
        Walk(schema[0].Children, []);
        return next == schema.Length ? columns : throw new FormatException("its schema does not add up");

        void Walk(int children, SchemaElement[] path)
        {
            if (path.Length > MaximumDepth) throw new FormatException($"its columns are nested more than {MaximumDepth} deep");
            for (; children > 0; children--)
            {
                if (next == schema.Length) throw new FormatException("its schema does not add up");
                var element = schema[next++];
                SchemaElement[] own = [.. path, element];
                if (element.Children > 0) Walk(element.Children, own);
                else
                {
                    if (own.All(node => node.Repetition != SchemaElement.Repeated)) columns.Add(new(leaf, own));
                    leaf++;
                }
            }
        }
    }

    private static RowGroup ReadGroup(ref CompactReader reader, int leaves, long dataEnd)
    {
        var (rows, chunks) = (-1L, new List<ColumnChunk>());
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (field == 1)
            {
                CompactReader.Require(type, CompactType.List);
                for (var left = reader.List(CompactType.Struct); left > 0; left--) chunks.Add(ReadChunk(ref reader, dataEnd));
            }
            else if (field == 3) rows = reader.Integer(type);
            else reader.Skip(type);
        }
        chunks.TrimExcess();
        return rows >= 0 && chunks.Count == leaves ? new(rows, chunks) : throw new FormatException("a row group does not hold every column");
    }

    private static ColumnChunk ReadChunk(ref CompactReader reader, long dataEnd)
    {
        ColumnChunk? chunk = null;
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (field == 1) throw new FormatException("its values are in another file");
            if (field == 3 && type == CompactType.Struct) chunk = ReadChunkMetadata(ref reader, dataEnd);
            else reader.Skip(type);
        }
        return chunk ?? throw new FormatException("a column is encrypted or not described");
    }

    private static ColumnChunk ReadChunkMetadata(ref CompactReader reader, long dataEnd)
    {
        var (codec, values, start) = (-1L, -1L, long.MaxValue);
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (field == 4) codec = reader.Integer(type);
            else if (field == 5) values = reader.Integer(type);
            // the offsets of data, index and dictionary; writers disagree about the last two, so the first page is where the least of them points
            else if (field is 9 or 10 or 11) start = reader.Integer(type) is not 0 and var offset ? Math.Min(start, offset) : start;
            else reader.Skip(type);
        }
        if (codec is < 0 or > 100 || values < 0 || start < 4 || (values > 0 && start >= dataEnd)) throw new FormatException("a column's pages are outside the file");
        return new((int)codec, start, values);
    }

    private static string? ReadMetadata(ref CompactReader reader)
    {
        var (isOurs, value) = (false, (string?)null);
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (type != CompactType.Binary || field > 2) reader.Skip(type);
            else if (field == 1) isOurs = reader.Binary().SequenceEqual("huggingface"u8);
            else if (isOurs) value = Encoding.UTF8.GetString(reader.Binary());
            else reader.Skip(type);
        }
        return value;
    }
}
