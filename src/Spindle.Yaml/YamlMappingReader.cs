using Spindle.Designs.Text;

namespace Spindle.Yaml;

/// <summary>Hands out the values of a mapping key by key, and at <see cref="Finish"/> refuses the keys that nobody asked for. A getter of a key that
/// is absent answers null; one of a key whose value is not what is asked for throws an <see cref="InvalidDataException"/> with its place.</summary>
public sealed class YamlMappingReader
{
    private readonly YamlValue at;
    private readonly YamlLabel label;
    private readonly IReadOnlyList<YamlEntry> entries;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    internal YamlMappingReader(YamlValue at, YamlLabel label, IReadOnlyList<YamlEntry> entries) => (this.at, this.label, this.entries) = (at, label, entries);

    /// <summary>The value of a key, or null where it is absent.</summary>
    public YamlValue? Value(string key)
    {
        asked.Add(key);
        return Find(key);
    }

    /// <summary>The value of a key that must be there.</summary>
    /// <exception cref="InvalidDataException">The key is absent; where another key looks like a misspelling of it, that one is named.</exception>
    public YamlValue Required(string key)
    {
        if (Value(key) is { } value) return value;
        var misspelt = NearestName.Find(key, Unasked.Select(entry => entry.Key));
        throw misspelt is null
            ? at.Error($"'{key}' is missing in {label}; add '{key}: …'")
            : Unknown(Unasked.First(entry => entry.Key == misspelt), key);
    }

    /// <summary>A text that must be there and not be empty.</summary>
    public string RequiredText(string key) => Required(key).AsText();

    /// <summary>A text that is not empty.</summary>
    public string? Text(string key) => Value(key)?.AsText();

    /// <summary>A whole number in a range.</summary>
    public int? Integer(string key, int min, int max) => Value(key)?.AsInteger(min, max);

    /// <summary>A finite number in a range.</summary>
    public double? Number(string key, double min, double max, bool aboveMin = false) => Value(key)?.AsNumber(min, max, aboveMin);

    /// <summary>A member of an enumeration, by its name in kebab case.</summary>
    public TEnum? Choice<TEnum>(string key)
        where TEnum : struct, Enum => Value(key)?.AsChoice<TEnum>();

    /// <summary>A list, which may be empty.</summary>
    public IReadOnlyList<YamlValue>? List(string key) => Value(key)?.AsList();

    /// <summary>A mapping.</summary>
    public YamlMappingReader? Mapping(string key) => Value(key)?.AsMapping();

    /// <summary>Every key with its value, in order, for a mapping whose keys are the user's own.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> Entries
    {
        get
        {
            asked.UnionWith(entries.Select(entry => entry.Key));
            return [.. entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))];
        }
    }

    /// <summary>Refuses the first key that nobody asked for.</summary>
    /// <exception cref="InvalidDataException">There is one; the message names the nearest key that is known.</exception>
    public void Finish()
    {
        if (Unasked.FirstOrDefault() is { } entry) throw Unknown(entry, NearestName.Find(entry.Key, asked.Where(key => Find(key) is null)) ?? NearestName.Find(entry.Key, asked));
    }

    /// <summary>An error at a key's value, or at the mapping where the key is absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="message">What is wrong; what to do.</param>
    public InvalidDataException Error(string key, string message) => (Find(key) ?? at).Error(message);

    private IEnumerable<YamlEntry> Unasked => entries.Where(entry => !asked.Contains(entry.Key));

    private YamlValue? Find(string key) => entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    private InvalidDataException Unknown(YamlEntry entry, string? nearest) => entry.At.Error(nearest is null
        ? $"unknown key {YamlLabel.Of(entry.Key)} in {label}; known are {string.Join(", ", asked.Order(StringComparer.Ordinal))}"
        : $"unknown key {YamlLabel.Of(entry.Key)} in {label}; did you mean '{nearest}'?");
}
