using System.Buffers.Binary;
using System.Globalization;

namespace Spindle.Data.Text.Unigram;

/// <summary>Reads the fields of a protobuf message, as far as SentencePiece uses them.
/// Every length is checked against what is left; nothing is copied.</summary>
internal ref struct ProtobufReader
{
    private readonly ReadOnlySpan<byte> bytes;
    private readonly string path;
    private readonly int origin;
    private int at;

    /// <param name="bytes">The message.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="origin">Where in the file the message begins.</param>
    public ProtobufReader(ReadOnlySpan<byte> bytes, string path, int origin = 0)
    {
        this.bytes = bytes;
        this.path = path;
        this.origin = origin;
    }

    /// <summary>The field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its bytes, where it has a length.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its number: a varint's value, or the bits of a fixed one.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its number as a 32-bit float.</summary>
    public readonly float Float => BitConverter.UInt32BitsToSingle((uint)Number);

    /// <summary>Goes on to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a message.</exception>
    public bool Next()
    {
        if (at == bytes.Length) return false;
        var tag = Varint();
        if (tag >> 3 is 0 or > int.MaxValue) throw Damaged();
        Field = (int)(tag >> 3);
        Bytes = default;
        Number = 0;
        switch (tag & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw Damaged();
        }
        return true;
    }

    /// <summary>The message that the field holds.</summary>
    public readonly ProtobufReader Message() => new(Bytes, path, origin + at - Bytes.Length);

    /// <summary>An error at the field that was read last.</summary>
    public readonly InvalidDataException Error(string what) => new($"{path}: byte {(origin + at).ToString(CultureInfo.InvariantCulture)}: {what}");

    private readonly InvalidDataException Damaged() => Error("is not a SentencePiece model, or is cut short; download the file again");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(bytes.Length - at)) throw Damaged();
        var taken = bytes.Slice(at, (int)length);
        at += (int)length;
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == bytes.Length) break;
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Damaged();
    }
}
