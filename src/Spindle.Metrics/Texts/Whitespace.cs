namespace Spindle.Metrics.Texts;

/// <summary>Text cut at blanks, as Python's <c>split</c> cuts it.</summary>
internal static class Whitespace
{
    /// <summary>The parts between blanks; none is empty.</summary>
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

    /// <summary>The text without the blanks at its end.</summary>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && Is(text[end - 1])) end--;
        return text[..end];
    }

    // Python counts the four separators of ASCII, .NET does not
    private static bool Is(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';
}
