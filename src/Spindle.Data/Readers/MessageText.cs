namespace Spindle.Data.Readers;

/// <summary>A file's own text in a message: on one line, short, and nothing that a terminal would obey.</summary>
internal static class MessageText
{
    private const int Longest = 40;

    public static string Shorten(string text, int longest = Longest)
    {
        char[] kept = [.. text.Take(longest).Select(character => char.IsControl(character) ? ' ' : character)];
        return text.Length > longest ? $"{new string(kept)}…" : new(kept);
    }
}
