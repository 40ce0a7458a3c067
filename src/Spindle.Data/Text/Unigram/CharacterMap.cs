using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Spindle.Data.Text.Unigram;

/// <summary>SentencePiece's precompiled character map: a double-array trie (Aoe 1989) from characters to their replacements, applied as HF tokenizers
/// applies it: a cluster of characters of less than six bytes takes what its shortest known beginning is mapped to, in longer ones each character goes alone.</summary>
internal sealed class CharacterMap
{
    private const int LongestCluster = 5;

    /// <summary>More bytes than any character's compatible form has; without a limit a damaged map could make much of little text.</summary>
    private const int LongestText = 256;

    private readonly uint[] units;
    private readonly byte[] texts;
    private readonly string?[] ascii = new string?[128];

    private CharacterMap(uint[] units, byte[] texts)
    {
        (this.units, this.texts) = (units, texts);
        for (var value = 0; value < ascii.Length; value++) ascii[value] = Mapped([(byte)value]);
    }

    /// <summary>Reads the map.</summary>
    /// <param name="bytes">A length in bytes, that many of the trie, and the texts, each ended by a zero.</param>
    /// <returns>The map, or null where the bytes are none.</returns>
    public static CharacterMap? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length == 0 || length % 4 != 0 || length > bytes.Length - 4) return null;
        for (var rest = bytes[(4 + (int)length)..]; rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)0);
            if ((end < 0 ? rest.Length : end) > LongestText) return null;
            rest = end < 0 ? [] : rest[(end + 1)..];
        }
        var units = new uint[length / 4];
        for (var index = 0; index < units.Length; index++) units[index] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + 4 * index)..]);
        return new(units, bytes[(4 + (int)length)..].ToArray());
    }

    /// <summary>The text with its characters replaced by what they are mapped to.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    public string Apply(string text)
    {
        var start = Unchanged(text);
        if (start == text.Length) return text;
        var result = new StringBuilder(text.Length + 16).Append(text, 0, start);
        Span<byte> bytes = stackalloc byte[LongestCluster + 1];
        for (var at = start; at < text.Length;)
        {
            if (IsAlone(text, at))
            {
                result.Append(ascii[text[at]] ?? text[at..(at + 1)]);
                at++;
                continue;
            }
            var cluster = text.AsSpan(at, StringInfo.GetNextTextElementLength(text.AsSpan(at)));
            at += cluster.Length;
            if (cluster.Length <= LongestCluster && System.Text.Encoding.UTF8.TryGetBytes(cluster, bytes, out var count) && count <= LongestCluster
                && Mapped(bytes[..count]) is { } whole)
            {
                result.Append(whole);
                continue;
            }
            foreach (var rune in cluster.EnumerateRunes())
            {
                var length = rune.EncodeToUtf8(bytes);
                if (Mapped(bytes[..length]) is { } mapped) result.Append(mapped);
                else result.Append(rune.ToString());
            }
        }
        return result.ToString();
    }

    // how far the text is plain ASCII that the map leaves unchanged
    private int Unchanged(string text)
    {
        var at = 0;
        while (at < text.Length && IsAlone(text, at) && ascii[text[at]] is null) at++;
        return at;
    }

    // between two ASCII characters clusters end, but for CR LF
    private static bool IsAlone(string text, int at) => text[at] < 0x80 && (at + 1 == text.Length || (text[at + 1] < 0x80 && text[at] != '\r'));

    // what the shortest known beginning of the bytes is mapped to
    private string? Mapped(ReadOnlySpan<byte> key)
    {
        uint node = Offset(units[0]);
        foreach (var value in key)
        {
            if (value == 0) return null;
            node ^= value;
            if (node >= units.Length) return null;
            var unit = units[node];
            if ((unit & (1u << 31 | 0xFF)) != value) return null;
            node ^= Offset(unit);
            if (node >= units.Length) return null;
            if ((unit >> 8 & 1) != 0) return TextAt(units[node] & 0x7FFF_FFFF);
        }
        return null;
    }

    private string? TextAt(uint start)
    {
        if (start > texts.Length) return null;
        var rest = texts.AsSpan((int)start);
        var end = rest.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);
}
