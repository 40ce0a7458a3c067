using System.Text;

namespace Spindle.Data.Text.ByteLevel;

/// <summary>GPT-2's first cut of a text (Radford et al. 2019): contractions; letters, numbers or other marks in a run, each with the one space before it;
/// blanks, all but the last before a word. Written out instead of as a pattern, for speed.</summary>
internal static class Gpt2Words
{
    private enum Kind
    {
        Whitespace,
        Letter,
        Number,
        Other,
    }

    /// <summary>The end of the word that begins at a place.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && Contraction(text[start..]) is > 0 and var length) return start + length;

        var at = start;
        if (text[at] == ' ' && at + 1 < text.Length) at++;
        var kind = KindAt(text, at, out var taken);
        if (kind == Kind.Whitespace) return EndOfWhitespace(text, start);
        do at += taken;
        while (at < text.Length && KindAt(text, at, out taken) == kind);
        return at;
    }

    private static int EndOfWhitespace(ReadOnlySpan<char> text, int start)
    {
        var at = start + 1;
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at == text.Length || at == start + 1 ? at : at - 1;
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length > 1 && text[1] is 's' or 't' or 'm' or 'd') return 2;
        return text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int taken)
    {
        taken = 1;
        var character = text[at];
        if (character < 0x80)
        {
            if (char.IsAsciiLetter(character)) return Kind.Letter;
            if (char.IsAsciiDigit(character)) return Kind.Number;
            return character is ' ' or (>= '\t' and <= '\r') ? Kind.Whitespace : Kind.Other;
        }
        if (char.IsSurrogate(character))
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out taken);
            return Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Number : Kind.Other;
        }
        return char.IsLetter(character) ? Kind.Letter : char.IsNumber(character) ? Kind.Number : char.IsWhiteSpace(character) ? Kind.Whitespace : Kind.Other;
    }
}
