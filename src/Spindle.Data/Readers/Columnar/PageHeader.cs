namespace Spindle.Data.Readers.Columnar;

/// <summary>The kinds of pages.</summary>
internal enum PageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>The header of a page, reduced to what reading it needs.</summary>
internal sealed record PageHeader
{
    private const int LargestEncoding = 100;

    public PageKind Kind { get; private init; }

    /// <summary>The bytes of the page as it is read, without its header.</summary>
    public int UncompressedSize { get; private init; }

    /// <summary>The bytes of the page in the file, without its header.</summary>
    public int CompressedSize { get; private init; }

    /// <summary>The values, missing ones included.</summary>
    public int Values { get; private init; }

    public int Encoding { get; private init; }

    /// <summary>The missing values; of a page of the second version only.</summary>
    public int Nulls { get; private init; }

    /// <summary>The bytes of the levels that mark missing values; of a page of the second version only, where they are never compressed.</summary>
    public int DefinitionBytes { get; private init; }

    /// <summary>Whether the values of a page of the second version are compressed.</summary>
    public bool IsCompressed { get; private init; } = true;

    /// <exception cref="FormatException">The bytes hold no page header.</exception>
    public static PageHeader Read(ref CompactReader reader)
    {
        var header = new PageHeader();
        var (kind, described) = (-1L, -1);
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (field == 1) kind = reader.Integer(type);
            else if (field == 2) header = header with { UncompressedSize = Count(reader.Integer(type)) };
            else if (field == 3) header = header with { CompressedSize = Count(reader.Integer(type)) };
            else if (field is 5 or 7 or 8)
            {
                CompactReader.Require(type, CompactType.Struct);
                header = header.With(ref reader, isSecond: field == 8);
                described = field;
            }
            else reader.Skip(type);
        }
        header = header with { Kind = kind is >= 0 and <= 3 ? (PageKind)kind : throw new FormatException("a page is of an unknown kind") };
        var expected = header.Kind switch { PageKind.Data => 5, PageKind.Dictionary => 7, PageKind.DataV2 => 8, _ => described };
        return described == expected && header.Nulls <= header.Values && header.DefinitionBytes <= header.CompressedSize
            ? header
            : throw new FormatException("a page is not described as its kind requires");
    }

    /// <summary>The header of the same page without compression, as bytes.</summary>
    /// <param name="size">The bytes of the page.</param>
    public byte[] Uncompressed(int size)
    {
        var writer = new CompactWriter().Integer(1, (int)Kind).Integer(2, size).Integer(3, size);
        _ = Kind switch
        {
            PageKind.Dictionary => writer.Struct(7).Integer(1, Values).Integer(2, Encoding),
            PageKind.Data => writer.Struct(5).Integer(1, Values).Integer(2, Encoding).Integer(3, 3).Integer(4, 3),
            _ => writer.Struct(8).Integer(1, Values).Integer(2, Nulls).Integer(3, Values).Integer(4, Encoding).Integer(5, DefinitionBytes).Integer(6, 0).Flag(7, false),
        };
        return writer.End().End().Written.ToArray();
    }

    private PageHeader With(ref CompactReader reader, bool isSecond)
    {
        var header = this;
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (field == 1) header = header with { Values = Count(reader.Integer(type)) };
            else if (field == (isSecond ? 4 : 2)) header = header with { Encoding = reader.Integer(type) is >= 0 and <= LargestEncoding and var number ? (int)number : throw CompactReader.Damaged() };
            else if (isSecond && field == 2) header = header with { Nulls = Count(reader.Integer(type)) };
            else if (isSecond && field == 5) header = header with { DefinitionBytes = Count(reader.Integer(type)) };
            else if (isSecond && field == 6 && reader.Integer(type) != 0) throw new FormatException("a column of single values has levels of lists");
            else if (isSecond && field == 6) continue;
            else if (isSecond && field == 7) header = header with { IsCompressed = type == CompactType.True };
            else reader.Skip(type);
        }
        return header;
    }

    private static int Count(long number) => number is >= 0 and <= int.MaxValue ? (int)number : throw new FormatException("a page's size is out of range");
}
