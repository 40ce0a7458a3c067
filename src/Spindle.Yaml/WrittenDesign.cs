using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Text;

namespace Spindle.Yaml;

/// <summary>Reads the text that <see cref="DesignYaml.Write"/> writes, and no other YAML. A store holds a hundred thousand such texts, and a reader for all YAML takes some twenty times as long.</summary>
internal static class WrittenDesign
{
    private const string Grouping = "grouping: ";
    private const string Allocation = "allocation: ";
    private const string Groups = "groups:";
    private const string Layers = "  - {layers: ";
    private const string Strategies = ", strategies: [";
    private const string End = "]}";

    // grouping, allocation and the head of the groups
    private const int LinesBeforeGroups = 3;

    /// <summary>The design, or null where the text is not exactly one that is written.</summary>
    /// <param name="text">The text.</param>
    public static Design? Read(string text)
    {
        var lines = text.Split('\n');
        // the last line ends too
        if (lines.Length < LinesBeforeGroups + 2 || lines[^1].Length > 0 || lines[2] != Groups) return null;
        if (After(lines[0], Grouping) is not { } pattern || After(lines[1], Allocation) is not { } shares) return null;
        var (sizes, sets) = (new int[lines.Length - LinesBeforeGroups - 1], new StrategySet[lines.Length - LinesBeforeGroups - 1]);
        for (var group = 0; group < sizes.Length; group++)
        {
            if (After(lines[LinesBeforeGroups + group], Layers) is not { } rest || !rest.EndsWith(End, StringComparison.Ordinal) || rest.IndexOf(Strategies, StringComparison.Ordinal) is not (> 0 and var at)) return null;
            if (!IsCount(rest[..at], out sizes[group])) return null;
            sets[group] = new(rest[(at + Strategies.Length)..^End.Length] is { Length: > 0 } names ? names.Split(", ") : []);
        }

        try
        {
            if (!KebabCase.TryParse<GroupingPattern>(pattern, out var known)) return null;
            var grouping = known == GroupingPattern.Custom ? LayerGrouping.Custom(sizes) : LayerGrouping.Of(known, sizes.Sum(), sizes.Length);
            if (AllocationOf(shares, grouping.Layers) is not { } allocation) return null;
            var design = new Design(grouping, allocation, new(sets));
            // whatever it was taken for, this is the design that it stands for
            return DesignYaml.Write(design) == text ? design : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Allocation? AllocationOf(string text, int layers)
    {
        if (text is not ['[', .. var list, ']']) return KebabCase.TryParse<AllocationPattern>(text, out var pattern) && pattern != AllocationPattern.Drawn ? Designs.Allocation.Of(pattern, layers) : null;
        var weights = list.Split(", ");
        var read = new int[weights.Length];
        return weights.Length == layers && weights.Index().All(weight => IsCount(weight.Item, out read[weight.Index])) ? Designs.Allocation.Drawn(read) : null;
    }

    private static string? After(string line, string start) => line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..] : null;

    private static bool IsCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
