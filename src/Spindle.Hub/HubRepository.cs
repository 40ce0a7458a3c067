using System.Text.RegularExpressions;

namespace Spindle.Hub;

/// <summary>What a repository holds.</summary>
public enum HubKind
{
    /// <summary>A model.</summary>
    Models,

    /// <summary>A data set.</summary>
    Datasets,
}

/// <summary>A repository of the Hugging Face Hub.</summary>
public sealed partial record HubRepository
{
    /// <summary>A repository by name.</summary>
    /// <param name="name">Its name: <c>organisation/name</c>, or a name alone.</param>
    /// <param name="kind">What it holds.</param>
    /// <exception cref="InvalidDataException">No repository can have that name.</exception>
    public HubRepository(string name, HubKind kind = HubKind.Models)
    {
        if (!IsName(name)) throw new InvalidDataException($"'{name}' is not a repository name; write organisation/name, using letters, digits, dots, hyphens and underscores");
        (Name, Kind) = (name, kind);
    }

    /// <summary>Its name: <c>organisation/name</c>, or a name alone.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public HubKind Kind { get; }

    /// <summary>The name of its folder in the cache, as <c>huggingface_hub</c> builds it: <c>models--organisation--name</c>.</summary>
    public string CacheName => $"{(Kind == HubKind.Models ? "models" : "datasets")}--{Name.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary>Whether a repository can have this name.</summary>
    public static bool IsName(string name) =>
        Names().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("--", StringComparison.Ordinal);

    /// <summary>The repository whose cache folder has this name, or null.</summary>
    internal static HubRepository? FromCacheName(string folder)
    {
        var parts = folder.Split("--");
        HubKind? kind = parts[0] switch { "models" => HubKind.Models, "datasets" => HubKind.Datasets, _ => null };
        var name = string.Join('/', parts[1..]);
        return kind is { } known && parts.Length is 2 or 3 && IsName(name) ? new(name, known) : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?\z")]
    private static partial Regex Names();
}
