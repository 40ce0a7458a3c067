using System.Globalization;
using System.Text;

namespace Spindle.Data.Text.WordPiece;

/// <summary>BERT's first step: cleans text, lowers it, strips accents, and cuts it into words, each punctuation mark a word
/// (BERT's reference <c>BasicTokenizer</c>, with the Unicode classes of HF tokenizers).</summary>
internal static class BasicWords
{
    /// <summary>Cleaned, lowered text without accents, as far as the options ask for it; Chinese characters stand alone.</summary>
    public static string Normalise(string text, WordPieceOptions options)
    {
        var result = Ascii.IsValid(text) ? CleanAscii(text, options) : Clean(text, options);
        if (options.StripAccents ?? options.LowerCase) result = StripAccents(result);
        if (!options.LowerCase) return result;
        // the one letter whose small form is two characters, which the framework leaves unchanged
        return result.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <summary>The next word of a normalised text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where to look; afterwards where the word ends.</param>
    /// <returns>The word; empty at the text's end.</returns>
    public static ReadOnlySpan<char> Next(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        var start = at;
        while (at < text.Length)
        {
            var character = text[at];
            if (char.IsWhiteSpace(character)) break;
            Rune.DecodeFromUtf16(text[at..], out var rune, out var taken);
            if (IsPunctuation(rune))
            {
                if (at == start) at += taken;
                break;
            }
            at += taken;
        }
        return text[start..at];
    }

    private static string CleanAscii(string text, WordPieceOptions options)
    {
        if (!options.CleanText || !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is '\t' or '\n' or '\r') clean.Append(' ');
            else if (!char.IsControl(character)) clean.Append(character);
        }
        return clean.ToString();
    }

    private static string Clean(string text, WordPieceOptions options)
    {
        var clean = new StringBuilder(text.Length + 16);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (options.CleanText && (rune.Value is 0 or 0xFFFD || IsControl(rune))) continue;
            var letter = units[..rune.EncodeToUtf16(units)];
            if (options.CleanText && Rune.IsWhiteSpace(rune)) clean.Append(' ');
            else if (options.TokenizeChineseCharacters && IsChinese(rune.Value)) clean.Append(' ').Append(letter).Append(' ');
            else clean.Append(letter);
        }
        return clean.ToString();
    }

    private static string StripAccents(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var kept = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in Decompose(text).EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) kept.Append(units[..rune.EncodeToUtf16(units)]);
        return kept.ToString();
    }

    // the framework refuses to normalise a text that holds a noncharacter, so these pass by
    private static string Decompose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uFDD0', '\uFDEF') && !text.AsSpan().ContainsAny('\uFFFE', '\uFFFF')) return text.Normalize(NormalizationForm.FormD);
        var parts = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            parts.Append(rune.Value is (>= 0xFDD0 and <= 0xFDEF) or 0xFFFE or 0xFFFF ? rune.ToString() : rune.ToString().Normalize(NormalizationForm.FormD));
        return parts.ToString();
    }

    private static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    // every ASCII symbol counts, as in BERT's reference
    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (> ' ' and < '0') or (> '9' and < 'A') or (> 'Z' and < 'a') or (> 'z' and < 0x7F)
        : Rune.IsPunctuation(rune);

    private static bool IsChinese(int code) => code
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
