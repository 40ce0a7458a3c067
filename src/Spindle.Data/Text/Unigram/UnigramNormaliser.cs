using System.Text;

namespace Spindle.Data.Text.Unigram;

/// <summary>T5's normalisation in its order: the character map, blanks cut off at the ends, runs of spaces made one.</summary>
/// <param name="Map">The character map, or null.</param>
/// <param name="StripsLeft">Whether blanks at the beginning go.</param>
/// <param name="StripsRight">Whether blanks at the end go.</param>
/// <param name="Spaces">What replaces two or more spaces, or null where they are kept.</param>
internal sealed record UnigramNormaliser(CharacterMap? Map, bool StripsLeft, bool StripsRight, string? Spaces)
{
    public string Apply(string text)
    {
        var result = Map?.Apply(text) ?? text;
        if (StripsLeft) result = result.TrimStart();
        if (StripsRight) result = result.TrimEnd();
        return Spaces is null ? result : Collapse(result, Spaces);
    }

    private static string Collapse(string text, string spaces)
    {
        var at = text.IndexOf("  ", StringComparison.Ordinal);
        if (at < 0) return text;
        var result = new StringBuilder(text.Length);
        var start = 0;
        while (at >= 0)
        {
            result.Append(text, start, at - start).Append(spaces);
            start = at;
            while (start < text.Length && text[start] == ' ') start++;
            at = text.IndexOf("  ", start, StringComparison.Ordinal);
        }
        return result.Append(text, start, text.Length - start).ToString();
    }
}
