using Spindle.Models.Checkpoints;

namespace Spindle.Models.Backbones;

/// <summary>The families of backbones, by <c>model_type</c> of <c>config.json</c>.</summary>
public static class BackboneCatalogue
{
    private static readonly Dictionary<string, Func<string, BackboneOptions, IBackbone>> Families = new(StringComparer.Ordinal)
    {
        ["bert"] = Bert.Load,
        ["roberta"] = Roberta.Load,
        ["bart"] = Bart.Load,
        ["t5"] = T5.Load,
    };

    /// <summary>The model types that can be loaded.</summary>
    public static IReadOnlyCollection<string> ModelTypes => Families.Keys;

    /// <summary>Loads a backbone.</summary>
    /// <param name="nameOrFolder">An embedded backbone's name, or a folder in the Hub's layout.</param>
    /// <param name="options">How it is loaded.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="InvalidDataException">Its family is unknown, or its files are damaged.</exception>
    public static IBackbone Load(string nameOrFolder, BackboneOptions options)
    {
        var folder = BackboneFolder.Locate(nameOrFolder);
        var configuration = BackboneConfiguration.Read(folder);
        var type = configuration.Text("model_type", "");
        return Families.TryGetValue(type, out var load)
            ? load(folder, options)
            : throw configuration.Unsupported("model_type", type, string.Join(", ", Families.Keys));
    }
}
