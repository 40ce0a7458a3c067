namespace Spindle.Metrics.Texts;

/// <summary>Splits text at whitespace, as Python's <c>split</c> does.</summary>
internal static class Whitespace
{
    /// <summary>The non-empty parts between whitespace.</summary>
    public static List<string> Split(string text)
    {
        var parts = new List<string>();
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !Is(text[at]))
            {
                if (start < 0) start = at;
            }
            else if (start >= 0)
            {
                parts.Add(text[start..at]);
                start = -1;
            }
        }
        return parts;
    }

    /// <summary>The text without trailing whitespace.</summary>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && Is(text[end - 1])) end--;
        return text[..end];
    }

    // Python counts the four ASCII separators as whitespace, .NET does not
    private static bool Is(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';
}
