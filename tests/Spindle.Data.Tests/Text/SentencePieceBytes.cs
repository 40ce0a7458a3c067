using System.Buffers.Binary;
using System.Text;

namespace Spindle.Data.Tests.Text;

/// <summary>Writes SentencePiece models and character maps as their own tools do.</summary>
internal static class SentencePieceBytes
{
    /// <summary>A model of pieces (text, score, kind) with a character map.</summary>
    public static byte[] Model(IEnumerable<(string Text, float Score, int Kind)> pieces, byte[]? map = null, int modelType = 1)
    {
        var model = new List<byte>();
        foreach (var (text, score, kind) in pieces)
        {
            var bits = new byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(bits, score);
            model.AddRange(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(text)), 2 << 3 | 5, .. bits, 3 << 3, (byte)kind]));
        }
        model.AddRange(Field(2, [3 << 3, (byte)modelType]));
        model.AddRange(Field(3, map is null ? [] : [.. Field(2, map)]));
        return [.. model];
    }

    /// <summary>A field that has a length.</summary>
    public static IEnumerable<byte> Field(int number, byte[] bytes) => [.. Varint((ulong)number << 3 | 2), .. Varint((ulong)bytes.Length), .. bytes];

    /// <summary>A number of seven bits a byte.</summary>
    public static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }

    /// <summary>A character map as a double array: every node's children in a separate block.</summary>
    public static byte[] Map(params (string From, string To)[] rules)
    {
        var texts = new List<byte>();
        var units = new List<uint>();
        Grow(0x100);
        var root = Grow(0x200);
        units[0] = (uint)root << 10;
        var blocks = new Dictionary<string, int> { [""] = root };
        foreach (var (from, to) in rules)
        {
            var prefix = "";
            var block = root;
            var node = 0;
            foreach (var value in Encoding.UTF8.GetBytes(from))
            {
                node = block ^ value;
                prefix += (char)value;
                if (!blocks.TryGetValue(prefix, out var next))
                {
                    blocks[prefix] = next = Grow(units.Count + 0x100);
                    units[node] = value | (uint)(node ^ next) << 10;
                }
                block = next;
            }
            units[node] |= 1u << 8;
            units[block] = (uint)texts.Count | 1u << 31;
            texts.AddRange([.. Encoding.UTF8.GetBytes(to), 0]);
        }
        var bytes = new byte[4 + 4 * units.Count + texts.Count];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 4 * units.Count);
        foreach (var (index, unit) in units.Index()) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 + 4 * index), unit);
        texts.CopyTo(bytes, 4 + 4 * units.Count);
        return bytes;

        int Grow(int count)
        {
            var block = units.Count;
            while (units.Count < count) units.Add(0);
            return block;
        }
    }
}
