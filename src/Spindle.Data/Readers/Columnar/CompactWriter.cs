namespace Spindle.Data.Readers.Columnar;

/// <summary>Writes Thrift's compact protocol; fields are written with their numbers in full.</summary>
internal sealed class CompactWriter
{
    private readonly MemoryStream stream = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => stream.GetBuffer().AsSpan(0, (int)stream.Length);

    /// <summary>Writes a number as a field; nothing where it is null.</summary>
    public CompactWriter Integer(int field, long? value, CompactType type = CompactType.I32)
    {
        if (value is not { } number) return this;
        Field(field, type);
        if (type == CompactType.Byte) stream.WriteByte((byte)number);
        else ZigZag(number);
        return this;
    }

    /// <summary>Writes a truth value as a field.</summary>
    public CompactWriter Flag(int field, bool value) => Field(field, value ? CompactType.True : CompactType.False);

    /// <summary>Writes bytes as a field.</summary>
    public CompactWriter Binary(int field, ReadOnlySpan<byte> value) => Field(field, CompactType.Binary).Bytes(value);

    /// <summary>Writes the header of a list as a field.</summary>
    public CompactWriter List(int field, CompactType items, int count)
    {
        Field(field, CompactType.List);
        stream.WriteByte((byte)(0xF0 | (byte)items));
        Varint((ulong)count);
        return this;
    }

    /// <summary>Writes the header of a structure as a field; <see cref="End"/> ends the structure.</summary>
    public CompactWriter Struct(int field) => Field(field, CompactType.Struct);

    /// <summary>Ends a structure.</summary>
    public CompactWriter End()
    {
        stream.WriteByte(0);
        return this;
    }

    /// <summary>Writes a number as an item of a list.</summary>
    public CompactWriter Item(long value)
    {
        ZigZag(value);
        return this;
    }

    /// <summary>Writes bytes with their length before them, as an item of a list.</summary>
    public CompactWriter Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        return Raw(value);
    }

    /// <summary>Writes bytes without anything around them.</summary>
    public CompactWriter Raw(ReadOnlySpan<byte> value)
    {
        stream.Write(value);
        return this;
    }

    private CompactWriter Field(int field, CompactType type)
    {
        stream.WriteByte((byte)type);
        ZigZag(field);
        return this;
    }

    private void ZigZag(long value) => Varint((ulong)(value << 1) ^ (ulong)(value >> 63));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
