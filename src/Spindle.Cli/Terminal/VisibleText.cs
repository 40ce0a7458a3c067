using System.Globalization;
using System.Text;

namespace Spindle.Cli.Terminal;

/// <summary>Makes the characters visible that a terminal would obey: text from files must not move the cursor, set colours or reverse the reading direction.</summary>
internal static class VisibleText
{
    /// <summary>The text with <c>\u001B</c> in place of such a character. Line feeds, with or without a carriage return, and tabs stay.</summary>
    public static string From(string text)
    {
        var first = 0;
        while (first < text.Length && !IsObeyed(text, first)) first++;
        if (first == text.Length) return text;
        var visible = new StringBuilder(text, 0, first, text.Length + 16);
        for (var at = first; at < text.Length; at++)
        {
            if (IsObeyed(text, at)) visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:X4}");
            else visible.Append(text[at]);
        }

        return visible.ToString();
    }

    private static bool IsObeyed(string text, int at) => text[at] switch
    {
        '\n' or '\t' => false,
        '\r' => at + 1 == text.Length || text[at + 1] != '\n',
        // marks that reorder the text around them
        (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => true,
        var character => char.IsControl(character),
    };
}
