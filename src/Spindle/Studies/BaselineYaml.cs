using Spindle.Designs;
using Spindle.Search.Studies;
using Spindle.Yaml;

namespace Spindle.Studies;

/// <summary>Reads and writes the list of baselines: known names, and design files or whole designs under names that the study gives.</summary>
internal static class BaselineYaml
{
    private const int MostDesigns = 1_000_000;

    /// <summary>Reads the list.</summary>
    /// <param name="list">Names; paths of design files; mappings of one name to a design; or <c>{random: {designs: N}}</c>.</param>
    /// <param name="designs">Receives the designs by name.</param>
    /// <param name="strategies">The strategies that designs can name.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <returns>The names in order, and the number of designs of random search, or null if none is given.</returns>
    public static (IReadOnlyList<string> Names, int? RandomDesigns) Read(YamlValue list, Dictionary<string, Design> designs, IReadOnlyCollection<string> strategies, string folder)
    {
        var names = new List<string>();
        int? random = null;
        foreach (var item in list.AsList())
        {
            random ??= RandomDesigns(item);
            var name = NameOf(item, designs, strategies, folder);
            if (names.Contains(name) || strategies.Contains(name)) throw item.Error($"'{name}' is already a side of the comparison; give it another name, or leave it out");
            names.Add(name);
        }

        return (names, random);
    }

    /// <summary>The list, as <see cref="Read"/> reads it.</summary>
    public static string Write(SearchSettings search, IReadOnlyDictionary<string, Design> designs) => YamlText.List(search.Baselines.Select(name =>
        designs.TryGetValue(name, out var design) ? Write(name, design)
        : name == BaselineNames.Random && search.RandomDesigns is { } count ? $"{{{name}: {{designs: {YamlText.Format(count)}}}}}"
        : YamlText.Format(name)));

    private static string Write(string name, Design design) => $"{{{YamlText.Format(name)}: {YamlText.Format(DesignYaml.Write(design))}}}";

    private static int? RandomDesigns(YamlValue item)
    {
        if (!item.IsMapping || item.AsMapping().Value(BaselineNames.Random)?.AsMapping() is not { } keys) return null;
        var designs = keys.Required("designs").AsInteger(1, MostDesigns);
        keys.Finish();
        return designs;
    }

    private static string NameOf(YamlValue item, Dictionary<string, Design> designs, IReadOnlyCollection<string> strategies, string folder)
    {
        if (item.IsMapping)
        {
            var (name, text) = item.AsMapping().Entries is [var only] ? only : throw item.Error("write one name and its design");
            if (name == BaselineNames.Random) return name;
            designs[name] = DesignYaml.Parse(text.AsText(), name, strategies);
            return name;
        }

        var named = item.AsText();
        if (BaselineNames.Names.Contains(named) || named == BaselineNames.Random || strategies.Contains(named)) return named;
        var place = StudyPaths.Place(folder, named);
        if (!File.Exists(place)) throw item.Error($"'{named}' is neither a baseline ({string.Join(", ", BaselineNames.Names)}) nor the file of a design ({place}); for random designs write '{BaselineNames.Random}'");
        var file = Path.GetFileNameWithoutExtension(named);
        designs[file] = DesignYaml.Read(place, strategies);
        return file;
    }
}
