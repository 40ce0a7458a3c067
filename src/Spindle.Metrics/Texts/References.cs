using System.Globalization;

namespace Spindle.Metrics.Texts;

/// <summary>The references of texts, one or several for each.</summary>
internal static class References
{
    /// <summary>Each text's references without the empty ones, which stand for none, as sacreBLEU has it; of a text that has no other, one empty one.</summary>
    /// <exception cref="ArgumentException">There is no text, the counts differ, or a text has no reference.</exception>
    public static IReadOnlyList<string>[] Filled(IReadOnlyList<IReadOnlyList<string>> references, IReadOnlyList<string> written)
    {
        if (written.Count == 0) throw new ArgumentException("a metric needs at least one row", nameof(written));
        if (references.Count != written.Count) throw new ArgumentException($"{written.Count} texts for the references of {references.Count}", nameof(written));
        return [.. references.Select(Filled)];
    }

    /// <summary>Each text's one reference.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Single(IReadOnlyList<string> references) =>
        [.. references.Select(reference => (IReadOnlyList<string>)[reference])];

    /// <summary>How many references a text has, as sacreBLEU signs it: <c>var</c> where texts differ in that.</summary>
    public static string Number(IReadOnlyList<IReadOnlyList<string>> filled) =>
        filled.Any(row => row.Count != filled[0].Count) ? "var" : filled[0].Count.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Filled(IReadOnlyList<string> row, int index)
    {
        if (row.Count == 0) throw new ArgumentException($"text {index + 1} has no reference");
        string[] filled = [.. row.Where(reference => reference.Length > 0)];
        return filled.Length > 0 ? filled : [""];
    }
}
