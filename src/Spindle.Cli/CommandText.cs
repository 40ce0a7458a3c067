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

    private static string Quoted(string word)
    {
        if (word.Length > 0 && word[0] != '~' && word.All(letter => char.IsLetterOrDigit(letter) || (Plain.Contains(letter, StringComparison.Ordinal) && (letter != '\\' || OperatingSystem.IsWindows())))) return word;
        return OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
