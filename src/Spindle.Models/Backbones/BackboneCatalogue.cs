using Spindle.Models.Checkpoints;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The families of backbones, by <c>model_type</c> of <c>config.json</c>.</summary>
public static class BackboneCatalogue
{
    private static readonly Dictionary<string, Family> Families = new(StringComparer.Ordinal)
    {
        ["bert"] = new("bert.", (name, configuration, source, options) => new Bert(name, configuration, source, options)),
        ["roberta"] = new("roberta.", (name, configuration, source, options) => new Roberta(name, configuration, source, options)),
        ["mpnet"] = new("mpnet.", (name, configuration, source, options) => new MPNet(name, configuration, source, options)),
        ["bart"] = new("model.", (name, configuration, source, options) => new Bart(name, configuration, source, options)),
        ["t5"] = new("transformer.", (name, configuration, source, options) => new T5(name, configuration, source, options)),
    };

    private delegate IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options);

    /// <summary>The model types that can be loaded.</summary>
    public static IReadOnlyCollection<string> ModelTypes => Families.Keys;

    /// <summary>Loads a backbone.</summary>
    /// <param name="nameOrFolder">An embedded backbone's name, or a folder in the Hub's layout.</param>
    /// <param name="options">How it is loaded.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no weights.</exception>
    /// <exception cref="InvalidDataException">Its family is unknown, its files are damaged, or do not fit each other.</exception>
    public static IBackbone Load(string nameOrFolder, BackboneOptions options)
    {
        var folder = BackboneFolder.Locate(nameOrFolder);
        var configuration = BackboneConfiguration.Read(folder);
        var family = FamilyOf(configuration);
        using var checkpoint = Checkpoint.Open(folder, family.Prefix);
        return family.Build(BackboneFolder.NameOf(folder), configuration, new CheckpointWeights(checkpoint, options.Device), options);
    }

    /// <summary>A backbone without values, out of <c>config.json</c> alone: it has every parameter's name and shape and every layer's places on the
    /// meta device, which allocates nothing, and computes nothing.</summary>
    /// <param name="nameOrFolder">An embedded backbone's name, or a folder with a <c>config.json</c>.</param>
    /// <param name="options">How it would be loaded.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="InvalidDataException">Its family is unknown, or its configuration is damaged.</exception>
    public static IBackbone Outline(string nameOrFolder, BackboneOptions options)
    {
        var folder = BackboneFolder.Locate(nameOrFolder);
        var configuration = BackboneConfiguration.Read(folder);
        return FamilyOf(configuration).Build(BackboneFolder.NameOf(folder), configuration, new OutlineWeights(), options with { Device = META });
    }

    /// <summary>A backbone of random weights, out of <c>config.json</c> alone: to train from scratch, and to measure real sizes without their weights.</summary>
    /// <param name="nameOrFolder">An embedded backbone's name, or a folder with a <c>config.json</c>.</param>
    /// <param name="options">How it is made.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="InvalidDataException">Its family is unknown, or its configuration is damaged.</exception>
    public static IBackbone Initialise(string nameOrFolder, BackboneOptions options, long seed)
    {
        var folder = BackboneFolder.Locate(nameOrFolder);
        var configuration = BackboneConfiguration.Read(folder);
        using var weights = new RandomWeights(options.Device, seed);
        return FamilyOf(configuration).Build(BackboneFolder.NameOf(folder), configuration, weights, options);
    }

    private static Family FamilyOf(BackboneConfiguration configuration) =>
        configuration.Text("model_type", "") is var type && Families.TryGetValue(type, out var family)
            ? family
            : throw configuration.Unsupported("model_type", type, string.Join(", ", Families.Keys));

    // what a whole model's names begin with where a bare backbone's do not, and the backbone's constructor
    private sealed record Family(string Prefix, Build Build);
}
