using Spindle.Tests;

namespace Spindle.Architecture.Tests.Floors;

/// <summary>The table of floors in <c>docs/architecture.md</c>: which project may use what. A floor may also use what lies below the floors it may use.</summary>
internal sealed class FloorTable
{
    private readonly Dictionary<string, string[]> rows = new(StringComparer.Ordinal);

    private FloorTable()
    {
    }

    /// <summary>The floors, from the table's top to its bottom.</summary>
    public IReadOnlyCollection<string> Floors => rows.Keys;

    /// <summary>The table of this repository.</summary>
    public static FloorTable Read() => Parse(File.ReadLines(Path.Combine(SharedFiles.Repository, "docs", "architecture.md")));

    /// <summary>The first table of a page whose first column is <c>floor</c> and whose last is <c>may use</c>.</summary>
    /// <exception cref="InvalidDataException">There is no such table, or a row of it has no project's name in backticks.</exception>
    public static FloorTable Parse(IEnumerable<string> page)
    {
        var lines = page.SkipWhile(line => Cells(line) is not [var first, .., var last] || first != "floor" || !last.EndsWith("may use", StringComparison.Ordinal))
            .Skip(2).TakeWhile(line => line.StartsWith('|'));
        var table = new FloorTable();
        foreach (var line in lines)
        {
            var cells = Cells(line);
            if (cells[0].Split('`') is not [_, var floor, ..]) throw new InvalidDataException($"the row '{line}' names no project in backticks");
            table.rows.Add(floor, cells[^1] == "nothing" ? [] : cells[^1].Replace("`", "").Split(", "));
        }
        if (table.rows.Count == 0) throw new InvalidDataException("there is no table whose columns run from 'floor' to 'may use'");
        return table;
    }

    /// <summary>Whether a floor may use another one: because its row names it, or because a floor that it may use may.</summary>
    public bool MayUse(string floor, string other) => Below(floor).Contains(other);

    /// <summary>Whether a floor may use a package's assembly: a row names the package by its name or by a part of it (<c>SQLite</c> for <c>Microsoft.Data.Sqlite</c>).</summary>
    public bool MayUsePackage(string floor, string assembly) =>
        Below(floor).Append(floor).SelectMany(row => rows[row]).Where(name => FloorNamed(name) is null && !IsAll(name)).Any(name =>
            assembly.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(assembly, StringComparison.OrdinalIgnoreCase));

    /// <summary>The floors that a floor may use, directly or through others.</summary>
    public IReadOnlySet<string> Below(string floor)
    {
        var below = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([floor]);
        while (open.TryPop(out var row))
            foreach (var other in rows.GetValueOrDefault(row, []).SelectMany(name => Named(row, name)))
                if (below.Add(other))
                    open.Push(other);
        return below;
    }

    private static string[] Cells(string line) => line.StartsWith("|", StringComparison.Ordinal) ? line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries) : [];

    private static bool IsAll(string name) => name is "all" or "all above";

    private IEnumerable<string> Named(string row, string name) => name switch
    {
        "all" => rows.Keys.Where(floor => floor != row),
        "all above" => rows.Keys.TakeWhile(floor => floor != row),
        _ => FloorNamed(name) is { } floor ? [floor] : [],
    };

    private string? FloorNamed(string name) => rows.ContainsKey(name) ? name : rows.ContainsKey("Spindle." + name) ? "Spindle." + name : null;
}
