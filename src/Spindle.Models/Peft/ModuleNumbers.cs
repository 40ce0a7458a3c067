using System.Text.Json;
using System.Text.RegularExpressions;
using Spindle.Models.Backbones;

namespace Spindle.Models.Peft;

/// <summary>Numbers for modules that differ from the rest: HF peft's <c>rank_pattern</c> and <c>alpha_pattern</c>. The first pattern that a module's name ends with wins.</summary>
internal sealed class ModuleNumbers
{
    private const int MostPatterns = 20_000;

    private readonly BackboneConfiguration keys;
    private readonly string key;
    private readonly List<(Regex Pattern, double Number)> patterns = [];

    private ModuleNumbers(BackboneConfiguration keys, string key) => (this.keys, this.key) = (keys, key);

    /// <summary>Reads a key; it names nothing where it is missing or null.</summary>
    /// <exception cref="InvalidDataException">It is not a mapping of patterns to numbers.</exception>
    public static ModuleNumbers Read(BackboneConfiguration keys, string key)
    {
        var numbers = new ModuleNumbers(keys, key);
        if (keys.Find(key) is not { } value) return numbers;
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() > MostPatterns)
            throw keys.Wrong(key, $"must be a mapping of at most {MostPatterns} module names to numbers");
        foreach (var item in value.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.Number) throw keys.Wrong(key, "must map module names to numbers");
            _ = ModuleMatch.Whole(keys, key, item.Name);
            numbers.patterns.Add((ModuleMatch.Whole(keys, key, $@"(?:.*\.)?(?:{item.Name})"), item.Value.GetDouble()));
        }
        return numbers;
    }

    /// <summary>The number of a module, or null where no pattern matches.</summary>
    /// <param name="module">Its name in full.</param>
    public double? Find(string module)
    {
        foreach (var (pattern, number) in patterns)
            if (ModuleMatch.IsMatch(keys, key, pattern, module)) return number;
        return null;
    }
}
