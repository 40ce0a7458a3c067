using Spindle.Models.Checkpoints;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Loads backbones of every family in <see cref="BackboneOptions.Families"/>.</summary>
public static class BackboneCatalogue
{
    /// <summary>The model types that can be loaded by default.</summary>
    public static IReadOnlyCollection<string> ModelTypes => BackboneFamilies.Default.ModelTypes;

    /// <summary>Loads a backbone.</summary>
    /// <param name="nameOrFolder">The name of an embedded backbone, or a folder in the Hub's layout.</param>
    /// <param name="options">How to load it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no weights.</exception>
    /// <exception cref="InvalidDataException">Its family is unknown, or its files are damaged or do not fit each other.</exception>
    public static IBackbone Load(string nameOrFolder, BackboneOptions options)
    {
        var (folder, configuration, family) = Find(nameOrFolder, options);
        using var checkpoint = Checkpoint.Open(folder, family.WeightPrefix);
        return family.Build(BackboneFolder.NameOf(folder), configuration, new CheckpointWeights(checkpoint, options.Device), options);
    }

    /// <summary>A backbone without values, from <c>config.json</c> alone. It has the name and shape of every parameter and the places of every layer, on the
    /// meta device: it allocates no memory and computes nothing.</summary>
    /// <param name="nameOrFolder">The name of an embedded backbone, or a folder with a <c>config.json</c>.</param>
    /// <param name="options">How it would be loaded.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="InvalidDataException">Its family is unknown, or its configuration is damaged.</exception>
    public static IBackbone Outline(string nameOrFolder, BackboneOptions options)
    {
        var (folder, configuration, family) = Find(nameOrFolder, options);
        return family.Build(BackboneFolder.NameOf(folder), configuration, new OutlineWeights(), options with { Device = META });
    }

    /// <summary>A backbone with random weights, from <c>config.json</c> alone: to train from scratch, or to measure real sizes without the weights.</summary>
    /// <param name="nameOrFolder">The name of an embedded backbone, or a folder with a <c>config.json</c>.</param>
    /// <param name="options">How to build it.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="InvalidDataException">Its family is unknown, or its configuration is damaged.</exception>
    public static IBackbone Initialise(string nameOrFolder, BackboneOptions options, long seed)
    {
        var (folder, configuration, family) = Find(nameOrFolder, options);
        using var weights = new RandomWeights(options.Device, seed);
        return family.Build(BackboneFolder.NameOf(folder), configuration, weights, options);
    }

    private static (string Folder, BackboneConfiguration Configuration, IBackboneFamily Family) Find(string nameOrFolder, BackboneOptions options)
    {
        var folder = BackboneFolder.Locate(nameOrFolder);
        var configuration = BackboneConfiguration.Read(folder);
        return (folder, configuration, options.Families.Find(configuration));
    }
}
