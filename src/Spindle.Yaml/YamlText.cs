using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Spindle.Yaml;

/// <summary>Writes single values so that they read back unchanged.</summary>
public static partial class YamlText
{
    /// <summary>A text: bare where that is safe, else in double quotes. Half a surrogate pair, which is not a character, becomes U+FFFD.</summary>
    public static string Format(string text)
    {
        if (Bare().IsMatch(text) && !Reserved().IsMatch(text)) return text;
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when IsVisible(rune) => rune.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
            });
        return quoted.Append('"').ToString();
    }

    /// <summary>A whole number.</summary>
    public static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest form of a number that reads back as the same.</summary>
    public static string Format(double number) => number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>Items in brackets, each already in its written form.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static bool IsVisible(Rune rune) => rune.Value == ' ' || !(Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    [GeneratedRegex(@"\A[A-Za-z_./][A-Za-z0-9_./+-]*\z")]
    private static partial Regex Bare();

    // words that YAML takes for something else than text, and texts that read as numbers
    [GeneratedRegex(@"\A(null|true|false|yes|no|on|off|y|n|\.nan|\.inf|\.[0-9][0-9.e+-]*|\.\.\.)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
