using System.Globalization;

namespace Spindle.Data.Tasks.Own;

/// <summary>What the first rows say of a column.</summary>
/// <param name="name">The column's name.</param>
internal sealed class ColumnProfile(string name)
{
    private static readonly string[] Ids = ["id", "idx", "index", "guid", "uuid", "row", "line"];

    // a few gaps and slips do not make words of a column of numbers
    private const double MostlyNumbers = 0.9;

    private readonly HashSet<string> distinct = new(StringComparer.Ordinal);
    private int words, numbers, fractions;

    public string Name => name;

    public int Filled { get; private set; }

    public int Distinct => distinct.Count;

    public bool IsNumeric => numbers >= MostlyNumbers * Filled;

    public bool IsWhole => IsNumeric && fractions == 0;

    /// <summary>Whether the name says that the column only numbers its rows.</summary>
    public bool IsId => Ids.Contains(name, StringComparer.OrdinalIgnoreCase) || name.EndsWith("_id", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it holds texts of several words, or of one word that is nearly never the same.</summary>
    public bool IsProse => Filled > 0 && !IsNumeric && ((double)words / Filled >= 2 || (Filled >= 20 && distinct.Count > 0.9 * Filled));

    /// <summary>Whether few values come back again and again.</summary>
    public bool IsCategory => Filled > 0 && (!IsNumeric || IsWhole) && distinct.Count <= Math.Max(20, Filled / 20) && distinct.Count < Math.Max(3, Filled);

    public void Add(string? value)
    {
        var isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        // not a number, which is how other programs write one that is missing
        if (string.IsNullOrWhiteSpace(value) || (isNumber && !double.IsFinite(number))) return;
        Filled++;
        distinct.Add(value);
        words += value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (!isNumber) return;
        numbers++;
        if (number != Math.Floor(number)) fractions++;
    }
}
