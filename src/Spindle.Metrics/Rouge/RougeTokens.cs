using System.Text;

namespace Spindle.Metrics.Rouge;

/// <summary>Tokenizes text as <c>rouge_score</c> does: sequences of the letters a to z and digits, in lower case, stemmed if longer than three characters.</summary>
internal static class RougeTokens
{
    private const int LongestUnstemmed = 3;

    /// <summary>The tokens of a text.</summary>
    public static List<string> Split(string text, bool stem)
    {
        var tokens = new List<string>();
        var token = new StringBuilder();
        foreach (var character in text)
        {
            // letters outside ASCII whose lower case is in ASCII
            var lower = character switch { '\u0130' => 'i', '\u212A' => 'k', _ => char.ToLowerInvariant(character) };
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower)) token.Append(lower);
            else End();
            if (character == '\u0130') End(); // its dot is a separate character
        }
        End();
        return tokens;

        void End()
        {
            if (token.Length == 0) return;
            var word = token.ToString();
            tokens.Add(stem && word.Length > LongestUnstemmed ? PorterStemmer.Stem(word) : word);
            token.Clear();
        }
    }
}
