using System.Text;

namespace Spindle.Designs.Text;

/// <summary>Names of enumeration members in text: lower case, words joined by hyphens (<c>EveryLayer</c> is <c>every-layer</c>).</summary>
public static class KebabCase
{
    /// <summary>The member's name in text.</summary>
    public static string From<TEnum>(TEnum value)
        where TEnum : struct, Enum => From(value.ToString());

    /// <summary>Every member's name in text, in order of their values.</summary>
    public static IReadOnlyList<string> Names<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(From)];

    /// <summary>Finds the member with exactly this name in text.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse<TEnum>(string text, out TEnum value)
        where TEnum : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<TEnum>())
        {
            if (From(candidate) != text) continue;
            value = candidate;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Converts an identifier to text.</summary>
    public static string From(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            // a word starts where an upper-case letter follows a lower-case one: BFloat16 stays one word
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1])) text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
