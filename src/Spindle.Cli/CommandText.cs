using System.Text;
using Spindle.Search.Storage;

namespace Spindle.Cli;

/// <summary>Command lines to copy into a shell.</summary>
internal static class CommandText
{
    private const string Plain = "-_./:=,+@%~\\";

    /// <summary>A command line. Words that a shell would change are in quotes.</summary>
    /// <param name="words">The command's words.</param>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    /// <summary>The command line of this process, as a user would write it, without passwords.</summary>
    public static string Own => Of(["spindle", .. Environment.GetCommandLineArgs().Skip(1).Select(TrialStores.WithoutPasswords)]);

    /// <summary>The words of a command line that <see cref="Of"/> wrote on a system with the same quotes.</summary>
    /// <param name="text">The command line.</param>
    public static string[] Words(string text)
    {
        var (quote, words, word) = (OperatingSystem.IsWindows() ? '"' : '\'', new List<string>(), new StringBuilder());
        var (isQuoted, isWord) = (false, false);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == quote) (isQuoted, isWord) = (!isQuoted, true);
            else if (text[at] == ' ' && !isQuoted) End();
            else
            {
                // a quote between quotes
                if (text[at] == '\\' && !isQuoted && !OperatingSystem.IsWindows() && at + 1 < text.Length) at++;
                word.Append(text[at]);
                isWord = true;
            }
        }

        End();
        return [.. words];

        void End()
        {
            if (isWord) words.Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }

    private static string Quoted(string word)
    {
        if (word.Length > 0 && word[0] != '~' && word.All(letter => char.IsLetterOrDigit(letter) || (Plain.Contains(letter, StringComparison.Ordinal) && (letter != '\\' || OperatingSystem.IsWindows())))) return word;
        return OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
