using System.Globalization;
using System.Text;

namespace Spindle.Data.Text;

/// <summary>BERT's first step: cleans text, lowers it, strips accents, and cuts it into words, each punctuation mark a word
/// (BERT's reference <c>BasicTokenizer</c>, with the Unicode classes of HF tokenizers).</summary>
internal static class BasicWords
{
    public static IEnumerable<string> Split(string text, WordPieceOptions options)
    {
        var normal = Normalise(text, options);
        var word = new StringBuilder();
        foreach (var rune in normal.EnumerateRunes())
        {
            var space = rune.Value == ' ';
            var alone = !space && IsPunctuation(rune);
            if (!space && !alone)
            {
                word.Append(rune.ToString());
                continue;
            }
            if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
            if (alone) yield return rune.ToString();
        }
        if (word.Length > 0) yield return word.ToString();
    }

    private static string Normalise(string text, WordPieceOptions options)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is 0 or 0xFFFD || IsControl(rune)) continue;
            if (Rune.IsWhiteSpace(rune)) clean.Append(' ');
            else if (options.TokenizeChineseCharacters && IsChinese(rune.Value)) clean.Append(' ').Append(rune.ToString()).Append(' ');
            else clean.Append(rune.ToString());
        }
        var result = clean.ToString();
        if (options.StripAccents ?? options.LowerCase) result = StripAccents(result);
        // the one letter whose small form is two characters, which the framework leaves as it is
        return options.LowerCase ? result.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant() : result;
    }

    private static string StripAccents(string text)
    {
        if (System.Text.Ascii.IsValid(text)) return text;
        var kept = new StringBuilder(text.Length);
        foreach (var rune in Decompose(text).EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) kept.Append(rune.ToString());
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
    private static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value > ' ' && !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    private static bool IsChinese(int code) => code
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
