namespace Spindle.Architecture.Tests.Names;

/// <summary>Types whose names differ in one letter are easily mistaken for each other.</summary>
public sealed class SimilarNamesTests
{
    // terms of the field
    private static readonly string[] Accepted =
    [
        "Bart, Bert", "BartFamily, BertFamily", "CsvReader, TsvReader", "DoraKind, LoraKind", "DoraOptions, LoraOptions", "DoraPeftForm, LoraPeftForm", "DoraStrategy, LoraStrategy",
    ];

    [Fact]
    public void NoFurtherTypesAreOneLetterApart() => Assert.Equal(Accepted.Order(StringComparer.Ordinal), Similar(
        [.. CompiledAssemblies.Projects.SelectMany(project => CompiledAssemblies.Load(project).GetTypes())
            .Where(type => !type.IsNested && type.Namespace?.StartsWith("Spindle", StringComparison.Ordinal) == true && !type.Name.Contains('<'))
            .Select(type => type.Name.Split('`')[0]).Distinct()]).Order(StringComparer.Ordinal));

    [Fact]
    public void AnAddedRemovedOrChangedLetterIsSimilarAndAnInterfacesLetterIsNot() =>
        Assert.Equal(["Folder, Folders", "Folder, Golder", "Folder, Foldr"], Similar(["Folder", "Folders", "Golder", "IFolder", "Foldr", "Another"]));

    private static IEnumerable<string> Similar(IReadOnlyList<string> names) =>
        from first in names
        from second in names
        where string.CompareOrdinal(first, second) < 0 && AreOneLetterApart(first, second) && first != "I" + second && second != "I" + first
        select $"{first}, {second}";

    private static bool AreOneLetterApart(string first, string second)
    {
        var (shorter, longer) = first.Length <= second.Length ? (first, second) : (second, first);
        if (longer.Length - shorter.Length > 1) return false;
        var same = shorter.AsSpan().CommonPrefixLength(longer);
        return same < longer.Length && shorter.AsSpan(longer.Length == shorter.Length ? same + 1 : same).SequenceEqual(longer.AsSpan(same + 1));
    }
}
