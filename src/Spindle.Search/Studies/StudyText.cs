namespace Spindle.Search.Studies;

/// <summary>The canonical text of a study: one line per key, with the keys of a section indented.</summary>
public static class StudyText
{
    /// <summary>Every setting as text by its key, which starts with the section's name and a dot.</summary>
    public static IReadOnlyDictionary<string, string> Settings(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var section = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            var (key, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            var isIndented = char.IsWhiteSpace(line[0]);
            if (!isIndented) section = value.Length == 0 ? key + "." : "";
            if (value.Length > 0) settings[isIndented ? section + key : key] = value;
        }

        return settings;
    }
}
