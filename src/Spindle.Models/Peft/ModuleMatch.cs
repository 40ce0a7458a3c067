using System.Text.Json;
using System.Text.RegularExpressions;
using Spindle.Models.Backbones;

namespace Spindle.Models.Peft;

/// <summary>The modules that a key of HF peft's configuration names: by a list of names or name endings, or by a regular expression for whole names.</summary>
internal sealed class ModuleMatch
{
    private const string AllLinear = "all-linear";
    private const int MostItems = 20_000;
    private const int LongestPattern = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly BackboneConfiguration keys;
    private readonly string key;
    private readonly IReadOnlyCollection<string> names;
    private readonly Regex? pattern;

    private ModuleMatch(BackboneConfiguration keys, string key, IReadOnlyCollection<string> names, Regex? pattern) =>
        (this.keys, this.key, this.names, this.pattern) = (keys, key, names, pattern);

    /// <summary>Reads a key; null where it is missing, null or empty.</summary>
    /// <exception cref="InvalidDataException">It is neither a text nor a list of texts, or a regular expression that cannot be read.</exception>
    public static ModuleMatch? Read(BackboneConfiguration keys, string key)
    {
        switch (keys.Find(key))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } text:
                return text.GetString() is not { Length: > 0 } expression ? null
                    : new(keys, key, [], Whole(keys, key, expression.Equals(AllLinear, StringComparison.OrdinalIgnoreCase) ? ".*" : expression));
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() <= MostItems && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return list.GetArrayLength() > 0 ? new(keys, key, list.EnumerateArray().Select(item => item.GetString()!).ToHashSet(StringComparer.Ordinal), null) : null;
            default:
                throw keys.Wrong(key, $"must be a text or a list of at most {MostItems} texts");
        }
    }

    /// <summary>A regular expression for whole texts, as Python reads it where .NET does the same.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static Regex Whole(BackboneConfiguration keys, string key, string expression)
    {
        try
        {
            // alone first: a parenthesis of it must not close the one around it
            if (expression.Length <= LongestPattern && new Regex(expression, RegexOptions.CultureInvariant, Patience) is not null)
                return new($@"\A(?:{expression})\z", RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException)
        {
        }
        throw keys.Wrong(key, $"holds the regular expression '{Shown(expression)}', which cannot be read; name the modules in full instead");
    }

    /// <summary>Whether a pattern of <see cref="Whole"/> matches.</summary>
    /// <exception cref="InvalidDataException">It takes too long.</exception>
    public static bool IsMatch(BackboneConfiguration keys, string key, Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw keys.Wrong(key, $"holds the regular expression '{Shown(pattern.ToString())}', which takes too long; name the modules in full instead");
        }
    }

    /// <summary>Whether a module is meant.</summary>
    /// <param name="module">Its name in full.</param>
    public bool Matches(string module)
    {
        if (pattern is not null) return IsMatch(keys, key, pattern, module);
        for (var start = 0; ;)
        {
            if (names.Contains(module[start..])) return true;
            if (module.IndexOf('.', start) is var dot && dot < 0) return false;
            start = dot + 1;
        }
    }

    private static string Shown(string text) => new([.. text.Take(80).Select(character => char.IsControl(character) ? '?' : character)]);
}
