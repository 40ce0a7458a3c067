namespace Spindle.Data.Readers.Columnar;

/// <summary>The types of Thrift's compact protocol.</summary>
internal enum CompactType : byte
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}

/// <summary>Reads Thrift's compact protocol, in which Parquet writes its footer and page headers. Every length is checked against the bytes that are left, and
/// nesting is limited; a violation is a <see cref="FormatException"/>.</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private const int MaximumDepth = 16;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int position;

    /// <summary>The bytes read so far.</summary>
    public readonly int Position => position;

    /// <summary>Reads the header of a structure's next field.</summary>
    /// <param name="field">The number of the field before; becomes this field's.</param>
    /// <param name="type">The field's type.</param>
    /// <returns>False at the structure's end.</returns>
    public bool NextField(ref int field, out CompactType type)
    {
        var header = Byte();
        type = (CompactType)(header & 0x0F);
        if (header == 0) return false;
        field = header >> 4 is > 0 and var step ? field + step : (int)Integer();
        return type is > CompactType.Stop and <= CompactType.Uuid && field is >= 0 and <= short.MaxValue ? true : throw Damaged();
    }

    /// <summary>A whole number of any width.</summary>
    public long Integer()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Bytes with their length before them.</summary>
    public ReadOnlySpan<byte> Binary()
    {
        var length = Varint();
        return length <= (ulong)(bytes.Length - position) ? Take((int)length) : throw Damaged();
    }

    /// <summary>The header of a list; every item takes at least one byte.</summary>
    public int List(CompactType items)
    {
        var (type, count) = List();
        return type == items || count == 0 ? count : throw Damaged();
    }

    /// <summary>A number of the type that a field has.</summary>
    public long Integer(CompactType type) => type switch
    {
        CompactType.True => 1,
        CompactType.False => 0,
        CompactType.Byte => (sbyte)Byte(),
        CompactType.I16 or CompactType.I32 or CompactType.I64 => Integer(),
        _ => throw Damaged(),
    };

    /// <summary>Requires a field to have a type.</summary>
    public static void Require(CompactType type, CompactType expected)
    {
        if (type != expected) throw Damaged();
    }

    /// <summary>Skips the value of a field.</summary>
    public void Skip(CompactType type) => Skip(type, 0);

    /// <summary>The error for bytes that break the protocol.</summary>
    public static FormatException Damaged() => new("a structure of it is damaged");

    private void Skip(CompactType type, int depth)
    {
        if (depth > MaximumDepth) throw new FormatException("structures are nested too deep in it");
        switch (type)
        {
            case CompactType.True or CompactType.False: break;
            case CompactType.Byte: Take(1); break;
            case CompactType.I16 or CompactType.I32 or CompactType.I64: Varint(); break;
            case CompactType.Double: Take(8); break;
            case CompactType.Uuid: Take(16); break;
            case CompactType.Binary: Binary(); break;
            case CompactType.Struct:
                for (var field = 0; NextField(ref field, out var inner);) Skip(inner, depth + 1);
                break;
            case CompactType.List or CompactType.Set:
                var (items, count) = List();
                for (var index = 0; index < count; index++) SkipItem(items, depth + 1);
                break;
            case CompactType.Map:
                var entries = Count(Varint());
                if (entries == 0) break;
                var types = Byte();
                for (var index = 0; index < entries; index++)
                {
                    SkipItem((CompactType)(types >> 4), depth + 1);
                    SkipItem((CompactType)(types & 0x0F), depth + 1);
                }
                break;
            default: throw Damaged();
        }
    }

    // a truth value is a byte in a list and part of the header in a field
    private void SkipItem(CompactType type, int depth) => Skip(type is CompactType.True or CompactType.False ? CompactType.Byte : type, depth);

    private (CompactType Type, int Count) List()
    {
        var header = Byte();
        return ((CompactType)(header & 0x0F), Count(header >> 4 is < 15 and var count ? (ulong)count : Varint()));
    }

    private readonly int Count(ulong count) => count <= (ulong)(bytes.Length - position) ? (int)count : throw Damaged();

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Damaged();
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - position) throw Damaged();
        position += count;
        return bytes.Slice(position - count, count);
    }
}
