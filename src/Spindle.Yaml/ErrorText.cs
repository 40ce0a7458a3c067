namespace Spindle.Yaml;

/// <summary>Texts from files in messages.</summary>
public static class ErrorText
{
    private const int Longest = 200;

    /// <summary>A text in one short line: its start, with a space for every character that a terminal would obey.</summary>
    /// <param name="text">The text.</param>
    public static string Line(string text)
    {
        var line = string.Concat(text.Take(Longest).Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character));
        return text.Length > Longest ? line + "…" : line;
    }
}
