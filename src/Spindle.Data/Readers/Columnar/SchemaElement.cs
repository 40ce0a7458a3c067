using System.Text;

namespace Spindle.Data.Readers.Columnar;

/// <summary>A node of a Parquet file's schema, reduced to what decides how values are read.</summary>
internal sealed record SchemaElement
{
    public const int Repeated = 2;

    // beyond any decimal, string or array that a column of texts or numbers has
    private const int LargestNumber = 1 << 20;
    private const int LargestScale = 100;
    private const int LongestName = 1000;

    /// <summary>The physical type; null for a group.</summary>
    public int? Type { get; private init; }

    public int? TypeLength { get; private init; }

    /// <summary>0 where a value must be there, 1 where it may be missing, 2 where there may be several.</summary>
    public int? Repetition { get; private init; }

    public string Name { get; private init; } = "";

    public int Children { get; private init; }

    public int? ConvertedType { get; private init; }

    public int? Scale { get; private init; }

    public int? Precision { get; private init; }

    /// <summary>The logical type, written again from the parts that are known.</summary>
    public byte[]? LogicalType { get; private init; }

    /// <exception cref="FormatException">The bytes hold no schema element.</exception>
    public static SchemaElement Read(ref CompactReader reader)
    {
        var element = new SchemaElement();
        for (var field = 0; reader.NextField(ref field, out var type);)
            element = field switch
            {
                1 => element with { Type = Small(ref reader, type, 7) },
                2 => element with { TypeLength = Small(ref reader, type, LargestNumber) },
                3 => element with { Repetition = Small(ref reader, type, Repeated) },
                4 => element with { Name = Text(ref reader, type) },
                5 => element with { Children = Small(ref reader, type, int.MaxValue) },
                6 => element with { ConvertedType = Small(ref reader, type, LargestScale) },
                7 => element with { Scale = Small(ref reader, type, LargestScale) },
                8 => element with { Precision = Small(ref reader, type, LargestScale) },
                10 => element with { LogicalType = Logical(ref reader, type) },
                _ => Skipped(ref reader, type, element),
            };
        return element;
    }

    /// <summary>Writes the element.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="children">The number of its children.</param>
    public void Write(CompactWriter writer, int children)
    {
        var isLeaf = children == 0;
        if (isLeaf) writer.Integer(1, Type).Integer(2, TypeLength);
        writer.Integer(3, Repetition).Binary(4, Encoding.UTF8.GetBytes(Name));
        if (!isLeaf) writer.Integer(5, children);
        else writer.Integer(6, ConvertedType).Integer(7, Scale).Integer(8, Precision);
        if (isLeaf && LogicalType is { } logical) writer.Struct(10).Raw(logical);
        writer.End();
    }

    private static int Small(ref CompactReader reader, CompactType type, int largest) =>
        reader.Integer(type) is >= 0 and var number && number <= largest ? (int)number : throw new FormatException("a number of its schema is out of range");

    private static string Text(ref CompactReader reader, CompactType type)
    {
        CompactReader.Require(type, CompactType.Binary);
        return Encoding.UTF8.GetString(reader.Binary()) is { Length: <= LongestName } name ? name : throw new FormatException($"a column's name has more than {LongestName} characters");
    }

    private static SchemaElement Skipped(ref CompactReader reader, CompactType type, SchemaElement element)
    {
        reader.Skip(type);
        return element;
    }

    // a union: one field, a structure of small numbers, in which a unit of time is a union again
    private static byte[]? Logical(ref CompactReader reader, CompactType type)
    {
        CompactReader.Require(type, CompactType.Struct);
        var writer = new CompactWriter();
        var isKnown = false;
        for (var field = 0; reader.NextField(ref field, out var inner);)
        {
            if (inner != CompactType.Struct || field is < 1 or 9 or > 15) reader.Skip(inner);
            else
            {
                isKnown = true;
                writer.Struct(field);
                Parameters(ref reader, writer, hasUnit: field is 7 or 8);
            }
        }
        writer.End();
        return isKnown ? writer.Written.ToArray() : null;
    }

    private static void Parameters(ref CompactReader reader, CompactWriter writer, bool hasUnit)
    {
        for (var field = 0; reader.NextField(ref field, out var type);)
        {
            if (field is not (1 or 2)) reader.Skip(type);
            else if (type is CompactType.True or CompactType.False) writer.Flag(field, type == CompactType.True);
            else if (type is CompactType.Byte or CompactType.I32) writer.Integer(field, Small(ref reader, type, LargestScale), type);
            else if (type == CompactType.Struct && hasUnit)
            {
                writer.Struct(field);
                for (var unit = 0; reader.NextField(ref unit, out var inner);)
                {
                    reader.Skip(inner);
                    if (inner == CompactType.Struct && unit is >= 1 and <= 3) writer.Struct(unit).End();
                }
                writer.End();
            }
            else throw CompactReader.Damaged();
        }
        writer.End();
    }
}
