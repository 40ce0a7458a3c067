using System.Globalization;

namespace Spindle.Yaml;

/// <summary>What an error calls a value: its key, or its place in a list. The words are made when an error needs them.</summary>
internal sealed class YamlLabel
{
    private const int Longest = 60;

    private readonly string text;
    private readonly YamlLabel? list;

    private YamlLabel(string text, YamlLabel? list = null) => (this.text, this.list) = (text, list);

    public static YamlLabel Document { get; } = new("the document");

    public static YamlLabel Key { get; } = new("a key");

    /// <summary>The label of the value of a key.</summary>
    public static YamlLabel Of(string key) => new($"'{Shorten(key, Longest)}'");

    /// <summary>The label of an item.</summary>
    /// <param name="number">The item's one-based number.</param>
    public YamlLabel Item(int number) => new(number.ToString(CultureInfo.InvariantCulture), this);

    /// <summary>A text of the file in a message: short, on one line, and without control characters.</summary>
    public static string Shorten(string text, int longest = Longest)
    {
        if (text.Length <= longest && !text.Any(char.IsControl)) return text;
        var start = text.Length <= longest ? text : text[..longest] + "…";
        return string.Concat(start.Select(character => char.IsControl(character) ? ' ' : character));
    }

    /// <inheritdoc/>
    public override string ToString() => list is null ? text : $"item {text} of {list}";
}
