using System.Reflection;

namespace Spindle.Models.Backbones;

/// <summary>The families of backbones that can be loaded, by model type. Immutable.</summary>
public sealed class BackboneFamilies
{
    private readonly SortedDictionary<string, IBackboneFamily> byModelType = new(StringComparer.Ordinal);

    private BackboneFamilies(IEnumerable<IBackboneFamily> families)
    {
        foreach (var family in families)
            if (!byModelType.TryAdd(family.ModelType, family)) throw new ArgumentException($"two backbone families have the model type '{family.ModelType}'", nameof(families));
    }

    /// <summary>Every family in Spindle.</summary>
    public static BackboneFamilies Default { get; } = Discover(typeof(BackboneFamilies).Assembly);

    /// <summary>The model types, in ordinal order.</summary>
    public IReadOnlyCollection<string> ModelTypes => byModelType.Keys;

    /// <summary>Every family in some assemblies.</summary>
    /// <exception cref="ArgumentException">Two families have the same model type.</exception>
    public static BackboneFamilies Discover(params IEnumerable<Assembly> assemblies) => new(assemblies.SelectMany(assembly => assembly.GetTypes())
        .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.IsAssignableTo(typeof(IBackboneFamily)))
        .Select(type => (IBackboneFamily)Activator.CreateInstance(type)!));

    /// <summary>The family that a configuration names.</summary>
    /// <exception cref="InvalidDataException">It names none, or an unknown one.</exception>
    public IBackboneFamily Find(BackboneConfiguration configuration) =>
        configuration.Text("model_type", "") is var type && byModelType.TryGetValue(type, out var family)
            ? family
            : throw configuration.Unsupported("model_type", type, string.Join(", ", ModelTypes));
}
