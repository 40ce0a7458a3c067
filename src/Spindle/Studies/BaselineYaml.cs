using Spindle.Designs;
using Spindle.Search.Studies;
using Spindle.Yaml;

namespace Spindle.Studies;

/// <summary>Reads and writes the list of baselines: known names, and design files or whole designs under names that the study gives.</summary>
internal static class BaselineYaml
{
    /// <summary>Reads the list.</summary>
    /// <param name="list">Names; paths of design files; or mappings of one name to a design.</param>
    /// <param name="designs">Receives the designs by name.</param>
    /// <param name="strategies">The strategies that designs can name.</param>
    /// <returns>The names in order.</returns>
    public static IReadOnlyList<string> Read(YamlValue list, Dictionary<string, Design> designs, IReadOnlyCollection<string> strategies)
    {
        var names = new List<string>();
        foreach (var item in list.AsList())
        {
            var name = NameOf(item, designs, strategies);
            if (names.Contains(name) || strategies.Contains(name)) throw item.Error($"'{name}' is already a side of the comparison; give it another name, or leave it out");
            names.Add(name);
        }

        return names;
    }

    /// <summary>A named design, as <see cref="Read"/> reads it.</summary>
    public static string Write(string name, Design design) => $"{{{YamlText.Format(name)}: {YamlText.Format(DesignYaml.Write(design))}}}";

    private static string NameOf(YamlValue item, Dictionary<string, Design> designs, IReadOnlyCollection<string> strategies)
    {
        if (item.IsMapping)
        {
            var (name, text) = item.AsMapping().Entries is [var only] ? only : throw item.Error("write one name and its design");
            designs[name] = DesignYaml.Parse(text.AsText(), name, strategies);
            return name;
        }

        var named = item.AsText();
        if (BaselineNames.Known.Contains(named) || strategies.Contains(named)) return named;
        if (!File.Exists(named)) throw item.Error($"'{named}' is neither a baseline ({string.Join(", ", BaselineNames.Known)}) nor the file of a design");
        var file = Path.GetFileNameWithoutExtension(named);
        designs[file] = DesignYaml.Read(named, strategies);
        return file;
    }
}
