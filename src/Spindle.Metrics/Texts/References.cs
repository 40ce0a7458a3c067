using System.Globalization;

namespace Spindle.Metrics.Texts;

/// <summary>The references of texts, one or several for each.</summary>
internal static class References
{
    /// <summary>Each text's references without empty ones, which sacreBLEU treats as missing. A text with only empty references keeps one.</summary>
    /// <exception cref="ArgumentException">There are no texts, the counts differ, or a text has no reference.</exception>
    public static IReadOnlyList<string>[] Filled(IReadOnlyList<IReadOnlyList<string>> references, IReadOnlyList<string> generated)
    {
        if (generated.Count == 0) throw new ArgumentException("a metric needs at least one row", nameof(generated));
        if (references.Count != generated.Count) throw new ArgumentException($"{generated.Count} texts for the references of {references.Count}", nameof(generated));
        return [.. references.Select(Filled)];
    }

    /// <summary>The single reference of each text.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Single(IReadOnlyList<string> references) =>
        [.. references.Select(reference => (IReadOnlyList<string>)[reference])];

    /// <summary>The number of references per text in sacreBLEU's format: <c>var</c> if it differs between texts.</summary>
    public static string Number(IReadOnlyList<IReadOnlyList<string>> filled) =>
        filled.Any(row => row.Count != filled[0].Count) ? "var" : filled[0].Count.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Filled(IReadOnlyList<string> row, int index)
    {
        if (row.Count == 0) throw new ArgumentException($"text {index + 1} has no reference");
        string[] filled = [.. row.Where(reference => reference.Length > 0)];
        return filled.Length > 0 ? filled : [""];
    }
}
