namespace Spindle.Data.Text.ByteLevel;

/// <summary>GPT-2's alphabet: each byte as one visible character (Radford et al. 2019). Bytes that print as Latin-1 stand for themselves, the others for
/// the characters from U+0100 on, in order.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = new char[256];
    private static readonly short[] Bytes = new short[0x200];

    static ByteAlphabet()
    {
        Array.Fill(Bytes, (short)-1);
        var next = '\u0100';
        for (var value = 0; value < 256; value++)
        {
            var prints = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            Characters[value] = prints ? (char)value : next++;
            Bytes[Characters[value]] = (short)value;
        }
    }

    /// <summary>The character of a byte.</summary>
    public static char CharacterOf(byte value) => Characters[value];

    /// <summary>Appends the bytes that a token stands for; one with a character of no byte stands for its own UTF-8.</summary>
    public static void Append(string token, List<byte> bytes)
    {
        var before = bytes.Count;
        foreach (var character in token)
        {
            if (character >= Bytes.Length || Bytes[character] < 0)
            {
                bytes.RemoveRange(before, bytes.Count - before);
                bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(token));
                return;
            }
            bytes.Add((byte)Bytes[character]);
        }
    }
}
