using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spindle.Metrics.Texts;

namespace Spindle.Metrics.Bleu;

/// <summary>Tokenizes text as sacreBLEU does.</summary>
internal static partial class BleuTokens
{
    /// <summary>The tokens of a line.</summary>
    public static List<string> Split(string line, BleuTokenizer tokenizer) => tokenizer switch
    {
        BleuTokenizer.V13A => Whitespace.Split(V13A(line)),
        BleuTokenizer.International => Whitespace.Split(International(line)),
        BleuTokenizer.Character => Whitespace.Split(string.Join(' ', line.EnumerateRunes())),
        _ => Whitespace.Split(line),
    };

    private static string V13A(string line)
    {
        line = line.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        if (line.Contains('&'))
            line = line.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        line = Signs().Replace($" {line} ", " $1 ");
        line = StopAfterOther().Replace(line, "$1 $2 ");
        line = StopBeforeOther().Replace(line, " $1 $2");
        return HyphenAfterDigit().Replace(line, "$1 $2 ");
    }

    private static string International(string line)
    {
        Rune[] runes = [.. line.EnumerateRunes()];
        runes = Pairs(runes, (first, second) => !IsNumber(first) && IsPunctuation(second), (first, second) => [first, Blank, second, Blank]);
        runes = Pairs(runes, (first, second) => IsPunctuation(first) && !IsNumber(second), (first, second) => [Blank, first, Blank, second]);
        return string.Concat(runes.Select(rune => IsSymbol(rune) ? $" {rune} " : rune.ToString()));
    }

    private static readonly Rune Blank = new(' ');

    // from left to right, without matching replaced text again
    private static Rune[] Pairs(Rune[] runes, Func<Rune, Rune, bool> match, Func<Rune, Rune, Rune[]> replace)
    {
        var replaced = new List<Rune>(runes.Length + 16);
        for (var at = 0; at < runes.Length; at++)
        {
            if (at + 1 < runes.Length && match(runes[at], runes[at + 1]))
            {
                replaced.AddRange(replace(runes[at], runes[at + 1]));
                at++;
            }
            else replaced.Add(runes[at]);
        }
        return [.. replaced];
    }

    private static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune);

    private static bool IsSymbol(Rune rune) => Rune.IsSymbol(rune);

    [GeneratedRegex(@"([\{-~\[-` -&\(-\+:-@/])", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();

    [GeneratedRegex(@"([^0-9])([\.,])", RegexOptions.CultureInvariant)]
    private static partial Regex StopAfterOther();

    [GeneratedRegex(@"([\.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex StopBeforeOther();

    [GeneratedRegex(@"([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex HyphenAfterDigit();
}
